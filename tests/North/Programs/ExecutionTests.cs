using System.Text;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Programs;
using LiteBox.North.Tests.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Tests.Programs;

/// <summary>execve: what stands on the new stack, scripts, and the errors before the point of no return.</summary>
public class ExecutionTests
{
    [Theory]
    [InlineData((ushort)2)]
    [InlineData((ushort)3)]
    public void A_program_starts_as_the_ABI_says(ushort type)
    {
        var world = new World();
        world.Run(user =>
        {
            user.MakeFile("/program", TestPrograms.Static(type));
            user.Thread.FsBase = 0x1234;
            Assert.Equal(0, user.Execute("/program", "first", "second"));
            UserRegisters registers = user.Thread.Registers;
            Assert.Equal(0UL, registers.Rsp % 16);
            Assert.Equal(0UL, registers.Rdx);
            Assert.Equal(0UL, user.Thread.FsBase);
            Assert.Equal(2UL, user.ReadWord(registers.Rsp));
            Assert.Equal("first", Text(user, user.ReadWord(registers.Rsp + 8)));
            Assert.Equal("second", Text(user, user.ReadWord(registers.Rsp + 16)));
            Assert.Equal(0UL, user.ReadWord(registers.Rsp + 24));
            Assert.Equal(0UL, user.ReadWord(registers.Rsp + 32));
            Dictionary<ulong, ulong> auxiliary = Auxiliary(user, registers.Rsp + 40);
            ulong bias = auxiliary[(ulong)AuxiliaryKey.ProgramHeaders] - 64 - (type == 2 ? TestPrograms.Base : 0);
            Assert.Equal(type == 3, bias != 0);
            Assert.Equal(registers.Rip, auxiliary[(ulong)AuxiliaryKey.Entry]);
            Assert.Equal(4096UL, auxiliary[(ulong)AuxiliaryKey.PageSize]);
            Assert.Equal("/program", Text(user, auxiliary[(ulong)AuxiliaryKey.ExecutablePath]));
            Assert.NotEqual(new byte[16], user.Read(auxiliary[(ulong)AuxiliaryKey.Random], 16));
            Assert.Equal("program", Encoding.UTF8.GetString(user.Task.Name).TrimEnd('\0'));

            // The data segment: its bytes of the file, then zeros to the end of the page and beyond.
            ulong data = bias + (type == 2 ? TestPrograms.Base : 0) + 0x4000;
            Assert.Equal(0xCC, user.Read(data + 0xFF, 1)[0]);
            Assert.Equal(new byte[0x2000], user.Read(data + 0x100, 0x2000));
            Assert.Equal("first\0second\0", Encoding.UTF8.GetString(Arguments(user.Task.Process.Memory!)));
            user.Exit(0);
        });
    }

    [Fact]
    public void A_script_runs_its_interpreter()
    {
        var world = new World();
        world.Run(user =>
        {
            user.MakeFile("/program", TestPrograms.Static());
            user.MakeFile("/script", Encoding.UTF8.GetBytes("#! /program  one two \nrest\n"));
            user.MakeFile("/outer", Encoding.UTF8.GetBytes("#!/script\n"));
            Assert.Equal(0, user.Execute("/outer", "zeroth", "last"));
            Assert.Equal("/program\0one two\0/script\0/outer\0last\0", Encoding.UTF8.GetString(Arguments(user.Task.Process.Memory!)));
            user.Exit(0);
        });
    }

    [Fact]
    public void What_cannot_run_is_an_error_and_the_old_program_goes_on()
    {
        var world = new World();
        world.Run(user =>
        {
            user.MakeFile("/empty", []);
            user.MakeFile("/endless", Encoding.UTF8.GetBytes("#!/endless\n"));
            user.MakeFile("/lost", Encoding.UTF8.GetBytes("#!/not-there\n"));
            long before = world.Machine.Frames.FreeCount;
            Assert.Equal(User.Error(Errno.ENOENT), user.Execute("/nothing"));
            Assert.Equal(User.Error(Errno.ENOEXEC), user.Execute("/empty"));
            Assert.Equal(User.Error(Errno.ELOOP), user.Execute("/endless"));
            Assert.Equal(User.Error(Errno.ENOENT), user.Execute("/lost"));
            Assert.Equal(User.Error(Errno.EACCES), user.Execute("/"));
            user.MakeFile("/program", TestPrograms.Static());
            before = world.Machine.Frames.FreeCount;
            Assert.Equal(User.Error(Errno.EFAULT), user.Call(SystemCallNumber.execve, user.Text("/program"), 0x10, 0));
            Assert.Equal(before, world.Machine.Frames.FreeCount);
            user.Exit(0);
        });
    }

    [Fact]
    public void Too_many_arguments_are_E2BIG()
    {
        var world = new World();
        world.Run(user =>
        {
            user.MakeFile("/program", TestPrograms.Static());
            ulong text = user.Text(new string('x', 4000), World.Scratch + 0x8000);
            for (ulong i = 0; i < 600; i++)
            {
                user.WriteWord(World.Scratch + 0x10000 + (i * 8), text);
            }

            long before = world.Machine.Frames.FreeCount;
            Assert.Equal(User.Error(Errno.E2BIG), user.Call(SystemCallNumber.execve, user.Text("/program"), World.Scratch + 0x10000, 0));
            Assert.Equal(before, world.Machine.Frames.FreeCount);
            user.Exit(0);
        });
    }

    [Theory]
    [InlineData("#!/bin/sh\n", "/bin/sh", "")]
    [InlineData("#!  /bin/sh  -e  \n", "/bin/sh", "-e")]
    [InlineData("#!/bin/sh -a -b\n", "/bin/sh", "-a -b")]
    [InlineData("#!/bin/sh", "/bin/sh", "")]
    public void A_first_line_is_understood(string line, string interpreter, string argument)
    {
        Assert.True(ScriptLine.TryParse(Encoding.UTF8.GetBytes(line), out ReadOnlySpan<byte> path, out ReadOnlySpan<byte> rest));
        Assert.Equal(interpreter, Encoding.UTF8.GetString(path));
        Assert.Equal(argument, Encoding.UTF8.GetString(rest));
    }

    [Theory]
    [InlineData("#!\n")]
    [InlineData("#!   \n")]
    [InlineData("echo")]
    public void What_is_no_script_is_none(string line) =>
        Assert.False(ScriptLine.TryParse(Encoding.UTF8.GetBytes(line), out _, out _));

    private static string Text(User user, ulong address)
    {
        var bytes = new List<byte>();
        while (user.Read(address + (ulong)bytes.Count, 1)[0] is var value and not 0)
        {
            bytes.Add(value);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static Dictionary<ulong, ulong> Auxiliary(User user, ulong address)
    {
        var values = new Dictionary<ulong, ulong>();
        for (; user.ReadWord(address) != 0; address += 16)
        {
            values.Add(user.ReadWord(address), user.ReadWord(address + 8));
        }

        return values;
    }

    private static byte[] Arguments(AddressSpace memory)
    {
        byte[] bytes = new byte[memory.Layout.ArgumentEnd - memory.Layout.ArgumentStart];
        Assert.True(memory.TryReadBytes(memory.Layout.ArgumentStart, bytes));
        return bytes;
    }
}

using System.Buffers.Binary;
using System.Text;
using LiteBox.Abi;
using LiteBox.Fake;
using LiteBox.North.Files;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Tests.Processes;

/// <summary>A fake machine with the kernel on it and a first process whose program is a C# delegate with some memory to work in.</summary>
internal sealed class World
{
    /// <summary>Memory of every program, readable and writable, from here on.</summary>
    public const ulong Scratch = 0x1000_0000;

    public const ulong ScratchLength = 1 << 20;

    /// <summary>The end of a program's stack.</summary>
    public const ulong StackTop = 0x2000_0000;

    public World(long frames = 16384)
    {
        Machine = new FakeMachine(frames);
        Kernel = new LinuxKernel(Machine);
        Init = Kernel.CreateFirstTask(new FileTable(), Kernel.FileSystems.CreateContext());
    }

    public FakeMachine Machine { get; }

    public LinuxKernel Kernel { get; }

    public Task Init { get; }

    /// <summary>Runs the first process; the result is the wait status with which the machine was switched off.</summary>
    public int Run(Action<User> program)
    {
        Assert.True(AddressSpace.TryCreate(Machine, Init.Process.Limits, out AddressSpace? memory));
        const PageProtection protection = PageProtection.Read | PageProtection.Write;
        memory.Map(new MapRequest { Address = new(Scratch), Length = ScratchLength, Protection = protection, Placement = MapPlacement.Fixed });
        memory.Map(new MapRequest
        {
            Address = new(StackTop - 0x20000), Length = 0x20000, Protection = protection, Placement = MapPlacement.Fixed, Flags = AreaFlags.GrowsDown,
        });
        Init.Process.Memory = memory;
        Machine.FakeScheduler.NextBody = thread => program(new User(this, thread));
        var registers = new UserRegisters { Rsp = StackTop, Rip = 0x40_0000, OriginalRax = ulong.MaxValue };
        Assert.True(Machine.Scheduler.TryCreateUserThread(Init, memory.PageTable, registers, null, out UserThread? thread));
        Init.Thread = thread;
        Kernel.EnterFirst(Init);
        thread.Start();
        Machine.Run();
        return Machine.PowerOffStatus ?? throw new InvalidOperationException("The machine was not switched off.");
    }
}

/// <summary>A running program: system calls by name, and its memory.</summary>
internal sealed class User(World world, FakeUserThread thread)
{
    public World World => world;

    public FakeUserThread Thread => thread;

    public Task Task => (Task)thread.Task;

    public long Call(SystemCallNumber number, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0) =>
        thread.SystemCall((ulong)number, a0, a1, a2, a3, a4, a5);

    public static long Error(Errno error) => -(long)error;

    /// <summary>fork, with what the child does. The child must end with exit.</summary>
    public int Fork(Action<User> child, SystemCallNumber number = SystemCallNumber.fork)
    {
        world.Machine.FakeScheduler.NextBody = childThread => child(new User(world, childThread));
        long result = Call(number);
        world.Machine.FakeScheduler.NextBody = null;
        return (int)result;
    }

    /// <summary>A thread in the same process.</summary>
    public int CreateThread(Action<User> body, ulong clearId = 0)
    {
        world.Machine.FakeScheduler.NextBody = childThread => body(new User(world, childThread));
        const ulong flags = CloneFlags.CLONE_VM | CloneFlags.CLONE_FS | CloneFlags.CLONE_FILES | CloneFlags.CLONE_SIGHAND | CloneFlags.CLONE_THREAD
            | CloneFlags.CLONE_CHILD_CLEARTID;
        return (int)Call(SystemCallNumber.clone, flags, World.StackTop - 0x8000, 0, clearId);
    }

    public void Exit(int code) => Call(SystemCallNumber.exit_group, (ulong)code);

    /// <summary>wait4(-1): the child and its status.</summary>
    public (int Id, int Status) Wait(int id = -1, ulong options = 0)
    {
        ulong place = World.Scratch + World.ScratchLength - 64;
        long result = Call(SystemCallNumber.wait4, unchecked((ulong)id), place, options);
        return ((int)result, result > 0 ? (int)ReadWord(place) : 0);
    }

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => Assert.True(world.Machine.UserMemory.TryWrite(new(address), bytes));

    public byte[] Read(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        Assert.True(world.Machine.UserMemory.TryRead(new(address), bytes));
        return bytes;
    }

    public void WriteWord(ulong address, ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Write(address, bytes);
    }

    public ulong ReadWord(ulong address) => BinaryPrimitives.ReadUInt64LittleEndian(Read(address, 8));

    public uint ReadWord32(ulong address) => BinaryPrimitives.ReadUInt32LittleEndian(Read(address, 4));

    /// <summary>Puts a string into memory.</summary>
    public ulong Text(string text, ulong address = World.Scratch + 0x1000)
    {
        Write(address, Encoding.UTF8.GetBytes(text + "\0"));
        return address;
    }

    /// <summary>Makes a file with contents and mode 0755.</summary>
    public void MakeFile(string path, byte[] contents)
    {
        long file = Call(SystemCallNumber.open, Text(path), 0x241, 0x1ED);
        Assert.True(file >= 0);
        for (int done = 0; done < contents.Length; done += 65536)
        {
            int count = Math.Min(65536, contents.Length - done);
            Write(World.Scratch + 0x10000, contents.AsSpan(done, count));
            Assert.Equal(count, Call(SystemCallNumber.write, (ulong)file, World.Scratch + 0x10000, (ulong)count));
        }

        Call(SystemCallNumber.close, (ulong)file);
    }

    /// <summary>rt_sigaction with a handler that is a delegate.</summary>
    public void Handle(int signal, Action<User>? handler, ulong flags = 0, ulong mask = 0)
    {
        ulong address = handler is null ? 0 : 0x50_0000 + ((ulong)signal * 16);
        if (handler is not null)
        {
            thread.Handlers[address] = handlerThread => handler(new User(world, handlerThread));
        }

        SetAction(signal, address, flags, mask);
    }

    /// <summary>rt_sigaction with a number for the handler.</summary>
    public void SetAction(int signal, ulong handler, ulong flags = 0, ulong mask = 0)
    {
        ulong place = World.Scratch + 0x800;
        WriteWord(place, handler);
        WriteWord(place + 8, flags | 0x04000000);
        WriteWord(place + 16, 0x60_0000);
        WriteWord(place + 24, mask);
        Assert.Equal(0, Call(SystemCallNumber.rt_sigaction, (ulong)signal, place, 0, 8));
    }

    public long Kill(int id, int signal) => Call(SystemCallNumber.kill, unchecked((ulong)id), (ulong)signal);
}

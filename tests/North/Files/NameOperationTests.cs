using System.Buffers.Binary;
using LiteBox.Abi;
using static LiteBox.North.Tests.SystemExtensions;

namespace LiteBox.North.Tests.Files;

/// <summary>Random operations on names in a small tree of a tmpfs give the answers that the host's tmpfs gives.</summary>
public class NameOperationTests
{
    private const ulong WorkingDirectory = unchecked((ulong)-100);

    private static readonly string[] Names =
    [
        "a", "b", "c", "a/", "a/b", "a/b/", "b/a", "b/a/c", "a/./b", "a/../b", "../x", ".", "..", "a/.", "a/..", "c/", "", "c/b", "a//b", "./a", "l", "l/", "l/b", "m",
        "m/a", "b/l",
    ];

    private static readonly string[] Targets = ["a", "b", "a/b", "l", "m", "../a", ".", "missing", "b/", "c/c"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Random_operations_answer_as_Linux_does(int seed) => SameAsLinux.Check((system, lines) => Play(system, lines, seed, 600));

    private static void Play(ISystem system, List<string> lines, int seed, int steps)
    {
        string place = system is HostSystem ? $"/dev/shm/litebox-{Environment.ProcessId}-{seed}" : "/tree";
        Assert.Equal(0, system.Call(SystemCallNumber.mkdirat, WorkingDirectory, system.Text(place), 0x1ED));
        Assert.Equal(0, system.Call(SystemCallNumber.mkdirat, WorkingDirectory, system.Text(place + "/inner"), 0x1ED));
        ulong outer = (ulong)system.Call(SystemCallNumber.openat, WorkingDirectory, system.Text(place), 0x10000, 0);
        ulong root = (ulong)system.Call(SystemCallNumber.openat, outer, system.Text("inner"), 0x10000, 0);
        ulong previousMask = (ulong)system.Call(SystemCallNumber.umask, 0x12);
        Random random = new(seed);
        for (int step = 0; step < steps; step++)
        {
            system.Forget();
            lines.Add(Step(system, root, random));
        }

        system.Call(SystemCallNumber.umask, previousMask);
        Clean(system, outer);
        system.Call(SystemCallNumber.close, root);
        system.Call(SystemCallNumber.close, outer);
        Assert.Equal(0, system.Call(SystemCallNumber.unlinkat, WorkingDirectory, system.Text(place), 0x200));
    }

    private static string Step(ISystem system, ulong root, Random random)
    {
        string name = Names[random.Next(Names.Length)];
        string other = Names[random.Next(Names.Length)];
        ulong path = system.Text(name);
        switch (random.Next(13))
        {
            case 0:
                return $"mkdir {name}: {Show(system.Call(SystemCallNumber.mkdirat, root, path, 0x1FF))}";
            case 1:
                return $"rmdir {name}: {Show(system.Call(SystemCallNumber.unlinkat, root, path, 0x200))}";
            case 2:
                return $"unlink {name}: {Show(system.Call(SystemCallNumber.unlinkat, root, path, 0))}";
            case 3:
                string target = Targets[random.Next(Targets.Length)];
                return $"symlink {target} {name}: {Show(system.Call(SystemCallNumber.symlinkat, system.Text(target), root, path))}";
            case 4:
                ulong followsLink = (ulong)random.Next(2) * 0x400;
                return $"link {name} {other} {followsLink}: {Show(system.Call(SystemCallNumber.linkat, root, path, root, system.Text(other), followsLink))}";
            case 5 or 6:
                ulong renameFlags = (ulong)random.Next(3);
                return $"rename {name} {other} {renameFlags}: {Show(system.Call(SystemCallNumber.renameat2, root, path, root, system.Text(other), renameFlags))}";
            case 7 or 8 or 9:
                return Open(system, root, name, path, random);
            case 10:
                return $"stat {name}: {Status(system, root, path, (ulong)random.Next(2) * 0x100)}";
            case 11:
                ulong buffer = system.Buffer(64);
                long length = system.Call(SystemCallNumber.readlinkat, root, path, buffer, 64);
                return $"readlink {name}: {Show(length)} {(length > 0 ? System.Text.Encoding.Latin1.GetString(system.Get(buffer, (int)length)) : "")}";
            default:
                return $"list {name}: {List(system, root, path)}";
        }
    }

    private static string Open(ISystem system, ulong root, string name, ulong path, Random random)
    {
        ulong[] choices = [0, 1, 2, 0x40, 0x41, 0xC2, 0x241, 0x402, 0x10000, 0x20000, 0x20040, 0x200000, 0x410002, 0x401, 0x210000];
        ulong flags = choices[random.Next(choices.Length)];
        long descriptor = system.Call(SystemCallNumber.openat, root, path, flags, 0x1B6);
        if (descriptor < 0)
        {
            return $"open {name} {flags:x}: {Show(descriptor)}";
        }

        long written = system.Call(SystemCallNumber.write, (ulong)descriptor, system.Put("hello"u8), 5);
        long position = system.Call(SystemCallNumber.lseek, (ulong)descriptor, 0, 1);
        ulong status = system.Buffer(144);
        string seen = Describe(system, status, system.Call(SystemCallNumber.fstat, (ulong)descriptor, status));
        long flagsNow = system.Call(SystemCallNumber.fcntl, (ulong)descriptor, 3, 0);
        system.Call(SystemCallNumber.close, (ulong)descriptor);
        return $"open {name} {flags:x}: write {Show(written)} at {Show(position)} flags {flagsNow:x} {seen}";
    }

    private static string Status(ISystem system, ulong root, ulong path, ulong flags)
    {
        ulong status = system.Buffer(144);
        return Describe(system, status, system.Call(SystemCallNumber.newfstatat, root, path, status, flags));
    }

    private static string Describe(ISystem system, ulong status, long result)
    {
        if (result != 0)
        {
            return Show(result);
        }

        byte[] bytes = system.Get(status, 144);
        uint mode = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(24));
        bool isDirectory = (mode & 0xF000) == 0x4000;
        long size = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(48));
        return $"mode {Convert.ToString(mode, 8)} links {BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16))} size {(isDirectory ? -1 : size)}";
    }

    private static string List(ISystem system, ulong root, ulong path)
    {
        long descriptor = system.Call(SystemCallNumber.openat, root, path, 0x10000, 0);
        if (descriptor < 0)
        {
            return Show(descriptor);
        }

        List<string> names = NamesOf(system, (ulong)descriptor);
        system.Call(SystemCallNumber.close, (ulong)descriptor);
        names.Sort(StringComparer.Ordinal);
        return string.Join(' ', names);
    }

    private static List<string> NamesOf(ISystem system, ulong descriptor)
    {
        List<string> names = [];
        ulong buffer = system.Buffer(256); // small, so that a listing takes several calls
        while (system.Call(SystemCallNumber.getdents64, descriptor, buffer, 256) is long length and > 0)
        {
            byte[] bytes = system.Get(buffer, (int)length);
            for (int at = 0; at < bytes.Length; at += BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 16)))
            {
                int end = Array.IndexOf(bytes, (byte)0, at + 19);
                names.Add($"{System.Text.Encoding.Latin1.GetString(bytes, at + 19, end - at - 19)}:{bytes[at + 18]}");
            }
        }

        return names;
    }

    private static void Clean(ISystem system, ulong directory)
    {
        foreach (string entry in NamesOf(system, directory))
        {
            string name = entry[..entry.LastIndexOf(':')];
            if (name is "." or "..")
            {
                continue;
            }

            if (entry.EndsWith(":4", StringComparison.Ordinal))
            {
                ulong child = (ulong)system.Call(SystemCallNumber.openat, directory, system.Text(name), 0x10000, 0);
                Clean(system, child);
                system.Call(SystemCallNumber.close, child);
                system.Call(SystemCallNumber.unlinkat, directory, system.Text(name), 0x200);
            }
            else
            {
                system.Call(SystemCallNumber.unlinkat, directory, system.Text(name), 0);
            }
        }
    }
}

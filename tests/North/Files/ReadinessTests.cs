using LiteBox.Abi;
using static LiteBox.North.Tests.SystemExtensions;

namespace LiteBox.North.Tests.Files;

/// <summary>poll(2), select(2) and eventfd(2) answer as on the host, for random states of pipes and counters; no call waits.</summary>
public class ReadinessTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_states_answer_as_on_Linux(int seed) => SameAsLinux.Check((system, lines) => Play(system, lines, seed, 300));

    private static void Play(ISystem system, List<string> lines, int seed, int steps)
    {
        Random random = new(seed);
        ulong pair = system.Buffer(8);
        Assert.Equal(0, system.Call(SystemCallNumber.pipe2, pair, 0x800));
        byte[] ends = system.Get(pair, 8);
        ulong[] files =
        [
            Remote(system, BitConverter.ToUInt32(ends)),
            Remote(system, BitConverter.ToUInt32(ends, 4)),
            Remote(system, (ulong)system.Call(SystemCallNumber.eventfd2, 0, 0x800)),
            Remote(system, (ulong)system.Call(SystemCallNumber.eventfd2, 5, 0x801)),
        ];
        bool isWriterOpen = true;
        for (int step = 0; step < steps; step++)
        {
            system.Forget();
            int which = random.Next(files.Length);
            switch (random.Next(6))
            {
                case 0:
                    int length = which < 2 ? random.Next(30_000) : random.Next(2) == 0 ? 8 : random.Next(10);
                    lines.Add($"read {which}: {Show(system.Call(SystemCallNumber.read, files[which], system.Buffer(Math.Max(length, 8)), (ulong)length))}");
                    break;
                case 1:
                    ulong value = random.Next(5) switch { 0 => 0, 1 => ulong.MaxValue, 2 => ulong.MaxValue - 1, _ => (ulong)random.Next(9) };
                    byte[] data = which < 2 ? new byte[random.Next(30_000)] : BitConverter.GetBytes(value);
                    lines.Add($"write {which} {data.Length}: {Show(system.Call(SystemCallNumber.write, files[which], system.Put(data), (ulong)data.Length))}");
                    break;
                case 2 or 3:
                    lines.Add(Poll(system, files, random));
                    break;
                case 4:
                    lines.Add(Select(system, files, random));
                    break;
                default:
                    if (isWriterOpen && step > steps * 3 / 4)
                    {
                        isWriterOpen = false;
                        lines.Add($"close writer: {Show(system.Call(SystemCallNumber.close, files[1]))}");
                    }

                    break;
            }
        }

        foreach (ulong file in isWriterOpen ? files : [files[0], files[2], files[3]])
        {
            system.Call(SystemCallNumber.close, file);
        }
    }

    /// <summary>
    /// Moves a file to a descriptor far above those in use. What the test closes there stays closed: on the host, threads of the test's own process
    /// open files all the time, and get the lowest free number.
    /// </summary>
    private static ulong Remote(ISystem system, ulong file)
    {
        const ulong duplicateFrom = 0; // F_DUPFD
        long remote = system.Call(SystemCallNumber.fcntl, file, duplicateFrom, 900);
        Assert.True(remote >= 900, Show(remote));
        Assert.Equal(0, system.Call(SystemCallNumber.close, file));
        return (ulong)remote;
    }

    private static string Poll(ISystem system, ulong[] files, Random random)
    {
        byte[] entries = new byte[files.Length * 8];
        for (int i = 0; i < files.Length; i++)
        {
            BitConverter.TryWriteBytes(entries.AsSpan(i * 8), random.Next(8) == 0 ? -1 : (int)files[i]);
            BitConverter.TryWriteBytes(entries.AsSpan((i * 8) + 4), (ushort)random.Next(0x200));
        }

        ulong address = system.Put(entries);
        long ready = system.Call(SystemCallNumber.poll, address, (ulong)files.Length, 0);
        byte[] after = system.Get(address, entries.Length);
        return $"poll: {Show(ready)} {string.Join(' ', Enumerable.Range(0, files.Length).Select(i => BitConverter.ToUInt16(after, (i * 8) + 6).ToString("x")))}";
    }

    private static string Select(ISystem system, ulong[] files, Random random)
    {
        ulong reads = Set(system, files, random);
        ulong writes = Set(system, files, random);
        ulong exceptions = Set(system, files, random);
        ulong time = system.Buffer(16);
        long ready = system.Call(SystemCallNumber.select, 1024, reads, writes, exceptions, time);
        return $"select: {Show(ready)} {Members(system, files, reads)} {Members(system, files, writes)} {Members(system, files, exceptions)}";
    }

    private static ulong Set(ISystem system, ulong[] files, Random random)
    {
        byte[] set = new byte[128];
        foreach (ulong file in files)
        {
            if (random.Next(2) == 0)
            {
                set[file / 8] |= (byte)(1 << (int)(file % 8));
            }
        }

        return system.Put(set);
    }

    private static string Members(ISystem system, ulong[] files, ulong address)
    {
        byte[] set = system.Get(address, 128);
        return string.Concat(files.Select(file => (set[file / 8] >> (int)(file % 8) & 1) != 0 ? '1' : '0'));
    }
}

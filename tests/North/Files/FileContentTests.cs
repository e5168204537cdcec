using LiteBox.Abi;
using static LiteBox.North.Tests.SystemExtensions;

namespace LiteBox.North.Tests.Files;

/// <summary>Random reads, writes and changes of size of one file answer as the host's tmpfs does, byte for byte.</summary>
public class FileContentTests
{
    private const ulong WorkingDirectory = unchecked((ulong)-100);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Random_reads_and_writes_answer_as_Linux_does(int seed) => SameAsLinux.Check((system, lines) => Play(system, lines, seed, 400));

    [Fact]
    public void Positions_at_the_end_of_what_a_file_can_have_answer_as_on_Linux() => SameAsLinux.Check(PlayFarEnd);

    [Fact]
    public void All_frames_come_back_when_the_file_goes()
    {
        NorthSystem.Run(system =>
        {
            system.Call(SystemCallNumber.mkdirat, WorkingDirectory, system.Text("/tree"), 0x1ED);
            Play(system, [], 1, 50); // buffers of the system itself are made by now
            long before = system.Machine.Frames.FreeCount;
            for (int seed = 2; seed < 6; seed++)
            {
                Play(system, [], seed, 200);
            }

            Assert.Equal(before, system.Machine.Frames.FreeCount);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_write_without_memory_says_so_and_keeps_what_it_wrote(int allocations)
    {
        NorthSystem.Run(system =>
        {
            ulong file = (ulong)system.Call(SystemCallNumber.openat, WorkingDirectory, system.Text("/f"), 0x42, 0x1B6);
            ulong buffer = system.Put(Enumerable.Repeat((byte)7, 10 * 4096).ToArray());
            system.Machine.FakeFrames.AllocationsUntilFailure = allocations;
            long written = system.Call(SystemCallNumber.write, file, buffer, 10 * 4096);
            system.Machine.FakeFrames.AllocationsUntilFailure = -1;
            Assert.Equal(allocations == 0 ? -(long)Errno.ENOMEM : allocations * 4096, written);
            ulong target = system.Buffer(10 * 4096);
            long read = system.Call(SystemCallNumber.pread64, file, target, 10 * 4096, 0);
            Assert.Equal(Math.Max(written, 0), read);
            Assert.All(system.Get(target, (int)read), value => Assert.Equal(7, value));
        });
    }

    private static ulong OpenUnnamed(ISystem system, string name)
    {
        ulong path = system.Text(system is HostSystem ? $"/dev/shm/litebox-file-{Environment.ProcessId}-{name}" : $"/file-{name}");
        ulong file = (ulong)system.Call(SystemCallNumber.openat, WorkingDirectory, path, 0x42, 0x1B6);
        system.Call(SystemCallNumber.unlinkat, WorkingDirectory, path, 0);
        return file;
    }

    private static void PlayFarEnd(ISystem system, List<string> lines)
    {
        ulong file = OpenUnnamed(system, "far");
        ulong buffer = system.Buffer(16);
        ulong vector = system.Put([.. BitConverter.GetBytes(buffer), .. BitConverter.GetBytes(10UL)]);
        foreach (ulong before in new ulong[] { 0, 5, 9, 10, 11, 4096, 1UL << 40 })
        {
            ulong position = long.MaxValue - before;
            lines.Add($"-{before}: pread {Show(system.Call(SystemCallNumber.pread64, file, buffer, 10, position))}"
                + $" preadv {Show(system.Call(SystemCallNumber.preadv, file, vector, 1, position))}"
                + $" seek {Show(system.Call(SystemCallNumber.lseek, file, position))} read {Show(system.Call(SystemCallNumber.read, file, buffer, 10))}"
                + $" readv {Show(system.Call(SystemCallNumber.readv, file, vector, 1))}");
            lines.Add($"-{before}: pwrite {Show(system.Call(SystemCallNumber.pwrite64, file, buffer, 10, position))}"
                + $" pwritev {Show(system.Call(SystemCallNumber.pwritev, file, vector, 1, position))}"
                + $" write {Show(system.Call(SystemCallNumber.write, file, buffer, 10))} writev {Show(system.Call(SystemCallNumber.writev, file, vector, 1))}"
                + $" at {Show(system.Call(SystemCallNumber.lseek, file, 0, 1))}");
            lines.Add(Sizes(system, file));
        }

        system.Call(SystemCallNumber.close, file);
    }

    private static void Play(ISystem system, List<string> lines, int seed, int steps)
    {
        ulong file = OpenUnnamed(system, $"{seed}");
        Random random = new(seed);
        for (int step = 0; step < steps; step++)
        {
            system.Forget();
            lines.Add(Step(system, file, random));
        }

        system.Call(SystemCallNumber.close, file);
    }

    private static string Step(ISystem system, ulong file, Random random)
    {
        long offset = random.Next(4) switch
        {
            0 => random.Next(20) * 4096L,
            1 => random.Next(100_000),
            2 => (random.Next(6) * (1L << 20)) + random.Next(8192), // far ones: further tables
            _ => random.Next(5000),
        };
        int length = random.Next(3) == 0 ? random.Next(30_000) : random.Next(5000);
        switch (random.Next(11))
        {
            case 0 or 1:
                return $"pwrite {offset} {length}: {Show(system.Call(SystemCallNumber.pwrite64, file, Random(system, random, length), (ulong)length, (ulong)offset))}";
            case 2:
                return $"write {length}: {Show(system.Call(SystemCallNumber.write, file, Random(system, random, length), (ulong)length))}";
            case 3 or 4:
                ulong target = system.Buffer(length);
                long read = system.Call(SystemCallNumber.pread64, file, target, (ulong)length, (ulong)offset);
                return $"pread {offset} {length}: {Show(read)} {Sum(system, target, read)}";
            case 5:
                ulong place = system.Buffer(length);
                long count = system.Call(SystemCallNumber.read, file, place, (ulong)length);
                return $"read {length}: {Show(count)} {Sum(system, place, count)}";
            case 6:
                ulong whence = (ulong)random.Next(5);
                return $"lseek {offset} {whence}: {Show(system.Call(SystemCallNumber.lseek, file, (ulong)offset, whence))}";
            case 7:
                return $"ftruncate {offset}: {Show(system.Call(SystemCallNumber.ftruncate, file, (ulong)offset))}";
            case 8:
                ulong mode = (ulong)random.Next(4);
                return $"fallocate {mode} {offset} {length}: {Show(system.Call(SystemCallNumber.fallocate, file, mode, (ulong)offset, (ulong)length))}";
            case 9:
                return $"size and blocks: {Sizes(system, file)}";
            default:
                return Vector(system, file, random, offset);
        }
    }

    private static ulong Random(ISystem system, Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return system.Put(bytes);
    }

    private static string Sum(ISystem system, ulong address, long count)
    {
        ulong sum = 14695981039346656037;
        foreach (byte value in count > 0 ? system.Get(address, (int)count) : [])
        {
            sum = unchecked((sum ^ value) * 1099511628211);
        }

        return sum.ToString("x");
    }

    private static string Sizes(ISystem system, ulong file)
    {
        ulong status = system.Buffer(144);
        system.Call(SystemCallNumber.fstat, file, status);
        byte[] bytes = system.Get(status, 144);
        return $"{BitConverter.ToInt64(bytes, 48)} {BitConverter.ToInt64(bytes, 64)}";
    }

    private static string Vector(ISystem system, ulong file, Random random, long offset)
    {
        bool writes = random.Next(2) == 0;
        int pieces = random.Next(1, 30);
        byte[] vectors = new byte[pieces * 16];
        ulong[] addresses = new ulong[pieces];
        int[] lengths = new int[pieces];
        for (int i = 0; i < pieces; i++)
        {
            lengths[i] = random.Next(4) == 0 ? 0 : random.Next(3000);
            addresses[i] = Random(system, random, lengths[i]);
            BitConverter.TryWriteBytes(vectors.AsSpan(i * 16), addresses[i]);
            BitConverter.TryWriteBytes(vectors.AsSpan((i * 16) + 8), (ulong)lengths[i]);
        }

        ulong table = system.Put(vectors);
        SystemCallNumber number = writes ? SystemCallNumber.pwritev : SystemCallNumber.preadv;
        long moved = system.Call(number, file, table, (ulong)pieces, (ulong)offset, 0);
        string sums = "";
        for (int i = 0; i < pieces; i++)
        {
            sums += Sum(system, addresses[i], lengths[i]);
        }

        return $"{number} {pieces} {offset}: {Show(moved)} {sums}";
    }
}

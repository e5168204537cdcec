using LiteBox.Abi;
using static LiteBox.North.Tests.SystemExtensions;

namespace LiteBox.North.Tests.Files;

/// <summary>Random writes and reads of a pipe that never wait answer as the host's pipes do: how much fits, in which pieces, and what poll says.</summary>
public class PipeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_transfers_answer_as_Linux_does(int seed) => SameAsLinux.Check((system, lines) => Play(system, lines, seed, 600));

    [Fact]
    public void All_frames_come_back_when_the_ends_are_closed()
    {
        NorthSystem.Run(system =>
        {
            Play(system, [], 9, 10);
            long before = system.Machine.Frames.FreeCount;
            for (int seed = 10; seed < 20; seed++)
            {
                Play(system, [], seed, 100);
            }

            Assert.Equal(before, system.Machine.Frames.FreeCount);
        });
    }

    private static void Play(ISystem system, List<string> lines, int seed, int steps)
    {
        const ulong NonBlocking = 0x800;
        Random random = new(seed);
        ulong pair = system.Buffer(8);
        Assert.Equal(0, system.Call(SystemCallNumber.pipe2, pair, NonBlocking));
        byte[] descriptors = system.Get(pair, 8);
        ulong readEnd = BitConverter.ToUInt32(descriptors);
        ulong writeEnd = BitConverter.ToUInt32(descriptors, 4);
        for (int step = 0; step < steps; step++)
        {
            system.Forget();
            int length = random.Next(4) switch
            {
                0 => random.Next(100),
                1 => 1000,
                2 => random.Next(5000),
                _ => random.Next(80_000),
            };
            byte[] data = new byte[length];
            random.NextBytes(data);
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    lines.Add($"write {length}: {Show(system.Call(SystemCallNumber.write, writeEnd, system.Put(data), (ulong)length))}");
                    break;
                case 3 or 4:
                    ulong buffer = system.Buffer(length);
                    long count = system.Call(SystemCallNumber.read, readEnd, buffer, (ulong)length);
                    byte[] got = count > 0 ? system.Get(buffer, (int)count) : [];
                    lines.Add($"read {length}: {Show(count)} {Convert.ToHexString(got.Take(8).ToArray())} {got.Sum(value => value)}");
                    break;
                case 5:
                    ulong number = system.Buffer(4);
                    long result = system.Call(SystemCallNumber.ioctl, readEnd, 0x541B, number);
                    lines.Add($"FIONREAD: {Show(result)} {BitConverter.ToInt32(system.Get(number, 4))}");
                    break;
                case 6:
                    byte[] polls = new byte[16];
                    BitConverter.TryWriteBytes(polls, (int)readEnd);
                    polls[4] = 0x41;
                    BitConverter.TryWriteBytes(polls.AsSpan(8), (int)writeEnd);
                    polls[12] = 0x4;
                    ulong set = system.Put(polls);
                    long ready = system.Call(SystemCallNumber.poll, set, 2, 0);
                    byte[] after = system.Get(set, 16);
                    lines.Add($"poll: {ready} {after[6]:x} {after[14]:x}");
                    break;
                default:
                    ulong size = (ulong)(4096 << random.Next(6));
                    lines.Add($"resize {size}: {Show(system.Call(SystemCallNumber.fcntl, writeEnd, 1031, size))} {Show(system.Call(SystemCallNumber.fcntl, readEnd, 1032, 0))}");
                    break;
            }
        }

        system.Call(SystemCallNumber.close, writeEnd);
        ulong rest = system.Buffer(70_000);
        lines.Add($"rest: {Show(system.Call(SystemCallNumber.read, readEnd, rest, 70_000))}");
        system.Call(SystemCallNumber.close, readEnd);
    }
}

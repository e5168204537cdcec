using LiteBox.Abi;
using LiteBox.North.Terminals;

namespace LiteBox.North.Tests.Terminals;

/// <summary>
/// What is typed at a terminal, with random settings, is echoed and read as on a pseudo-terminal of the host: the line discipline is the same N_TTY.
/// Signals are off (ISIG), since the host's would go nowhere; flow control stays off because it stops the host's master.
/// </summary>
public class LineDisciplineTests
{
    private const ulong WorkingDirectory = unchecked((ulong)-100);
    private const uint SetSettings = 0x5402; // TCSETS
    private const uint BytesToRead = 0x541B; // FIONREAD

    private static readonly byte[] Keys =
    [
        .. "abc xyz_1,"u8, (byte)'\t', (byte)'\n', (byte)'\r', 0x7F, 0x7F, 0x7F, 0x15, 0x17, 0x17, 0x12, 0x16, 0x04, 0x01, 0x1B, 0x08, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, (byte)';',
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Typing_is_echoed_and_read_as_on_Linux(int seed)
    {
        for (int round = 0; round < 20; round++)
        {
            Play((seed * 1000) + round);
        }
    }

    private static void Play(int seed)
    {
        Random random = new(seed);
        byte[] settings = Settings(random);
        byte[] typed = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => Keys[random.Next(Keys.Length)])];
        (byte[] echo, List<string> reads) actual = OnOurs(settings, typed);
        (byte[] echo, List<string> reads) expected = OnHost(settings, typed, 3);
        for (int patience = 20; patience <= 200 && !(expected.echo.SequenceEqual(actual.echo) && expected.reads.SequenceEqual(actual.reads)); patience *= 3)
        {
            expected = OnHost(settings, typed, patience); // a busy host brings the echo late
        }

        string what = $"seed {seed}, flags {Convert.ToHexString(settings.AsSpan(0, 16))}, typed {Convert.ToHexString(typed)}";
        Assert.True(
            expected.echo.AsSpan().SequenceEqual(actual.echo),
            $"{what}\n echo on Linux {Convert.ToHexString(expected.echo)}\n ours          {Convert.ToHexString(actual.echo)}");
        Assert.True(
            expected.reads.SequenceEqual(actual.reads),
            $"{what}\n reads on Linux {string.Join(' ', expected.reads)}\n ours           {string.Join(' ', actual.reads)}");
    }

    private static byte[] Settings(Random random)
    {
        TerminalSettings settings = new(0xBF);
        byte[] bytes = new byte[TerminalSettings.Size];
        settings.Write(bytes);
        uint input = 0;
        uint output = 0;
        uint local = 0;
        foreach (uint flag in (uint[])[0x20, 0x40, 0x80, 0x100, 0x100, 0x200, 0x4000])
        {
            input |= random.Next(3) == 0 ? flag : 0;
        }

        foreach (uint flag in (uint[])[1, 1, 1, 2, 4, 4, 8, 0x10, 0x20, 0x1800])
        {
            output |= random.Next(3) == 0 ? flag : 0;
        }

        foreach (uint flag in (uint[])[2, 2, 2, 8, 8, 8, 0x10, 0x10, 0x20, 0x20, 0x40, 0x200, 0x200, 0x800, 0x800, 0x8000, 0x8000])
        {
            local |= random.Next(2) == 0 ? flag : 0;
        }

        BitConverter.TryWriteBytes(bytes, input);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), output);
        BitConverter.TryWriteBytes(bytes.AsSpan(12), local);
        bytes[17 + ControlCharacter.VEOL] = random.Next(3) == 0 ? (byte)';' : (byte)0;
        bytes[17 + ControlCharacter.VEOL2] = random.Next(3) == 0 ? (byte)',' : (byte)0;
        return bytes;
    }

    private static (byte[] Echo, List<string> Reads) OnHost(byte[] settings, byte[] typed, int patience)
    {
        using HostSystem host = new();
        long master = host.Call(SystemCallNumber.openat, WorkingDirectory, host.Text("/dev/ptmx"), 0x902, 0);
        Assert.True(master >= 0, "The host has no pseudo-terminals to compare with.");
        ulong number = host.Buffer(4);
        host.Call(SystemCallNumber.ioctl, (ulong)master, 0x40045431, number); // TIOCSPTLCK: unlock
        ulong slave = (ulong)host.Call(SystemCallNumber.ioctl, (ulong)master, 0x5441, 0x902); // TIOCGPTPEER
        Assert.Equal(0, host.Call(SystemCallNumber.ioctl, slave, SetSettings, host.Put(settings)));
        foreach (byte key in typed)
        {
            host.Call(SystemCallNumber.write, (ulong)master, host.Put([key]), 1);
        }

        // The kernel's worker brings the bytes over in its own time.
        byte[] echo = [];
        int quiet = 0;
        while (quiet < patience)
        {
            System.Threading.Thread.Sleep(1);
            ulong buffer = host.Buffer(4096);
            long count = host.Call(SystemCallNumber.read, (ulong)master, buffer, 4096);
            quiet = count > 0 ? 0 : quiet + 1;
            echo = count > 0 ? [.. echo, .. host.Get(buffer, (int)count)] : echo;
        }

        List<string> reads = ReadAll(host, slave);
        host.Call(SystemCallNumber.close, slave);
        host.Call(SystemCallNumber.close, (ulong)master);
        return (echo, reads);
    }

    private static (byte[] Echo, List<string> Reads) OnOurs(byte[] settings, byte[] typed)
    {
        (byte[], List<string>) result = default;
        NorthSystem.Run(system =>
        {
            ulong terminal = (ulong)system.Call(SystemCallNumber.openat, WorkingDirectory, system.Text("/dev/console"), 0x902, 0);
            Assert.Equal(0, system.Call(SystemCallNumber.ioctl, terminal, SetSettings, system.Put(settings)));
            foreach (byte key in typed)
            {
                system.Machine.FakeConsole.Type([key]);
            }

            byte[] echo = [.. system.Machine.FakeConsole.Output];
            result = (echo, ReadAll(system, terminal));
        });
        return result;
    }

    private static List<string> ReadAll(ISystem system, ulong terminal)
    {
        List<string> reads = [];
        ulong available = system.Buffer(4);
        system.Call(SystemCallNumber.ioctl, terminal, BytesToRead, available);
        reads.Add("FIONREAD " + BitConverter.ToInt32(system.Get(available, 4)));
        for (int i = 0; i < 20; i++)
        {
            ulong buffer = system.Buffer(300);
            long count = system.Call(SystemCallNumber.read, terminal, buffer, 300);
            reads.Add(count < 0 ? SystemExtensions.Show(count) : Convert.ToHexString(system.Get(buffer, (int)count)) + ".");
            if (count < 0)
            {
                break;
            }
        }

        return reads;
    }
}

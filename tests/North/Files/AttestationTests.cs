using System.Buffers.Binary;
using CsCheck;
using LiteBox.Abi;
using LiteBox.Fake;
using LiteBox.North.Text;
using LiteBox.Platform;
using static LiteBox.North.Tests.SystemExtensions;

namespace LiteBox.North.Tests.Files;

/// <summary>
/// /dev/sev-guest and configfs-tsm over a security processor that does what a test says. What Linux answers to programs is held against Linux itself in
/// tests/SnpGuests; here stands what no healthy host shows.
/// </summary>
public class AttestationTests
{
    private const ulong WorkingDirectory = unchecked((ulong)-100);
    private const ulong GetReport = 0xC020_5300;
    private const ulong GetKey = 0xC020_5301;
    private const ulong GetExtendedReport = 0xC020_5302;
    private const int Untouched = 0x1234;

    [Theory]
    [InlineData(AttestationStatus.Success, 0UL, "0", Untouched)] // Linux copies exitinfo2 where it is not 0
    [InlineData(AttestationStatus.HostFailed, 0x16UL, "EIO", 0x16)]
    [InlineData(AttestationStatus.HostFailed, 0xFFUL, "EIO", 0xFF)]
    [InlineData(AttestationStatus.BadAnswer, 0UL, "EBADMSG", Untouched)]
    [InlineData(AttestationStatus.TimedOut, 2UL << 32, "ETIMEDOUT", 2L << 32)]
    [InlineData(AttestationStatus.NoChannel, 0xFFUL, "ENOTTY", 0xFF)]
    public void Each_end_of_a_question_is_the_error_of_Linux(AttestationStatus status, ulong hostAnswer, string error, long exitInfo2)
    {
        FakeAttestation device = new() { Result = new AttestationResult(status, hostAnswer) };
        NorthSystem.Run(system =>
        {
            ulong file = OpenDevice(system);
            foreach (ulong request in new[] { GetReport, GetKey, GetExtendedReport })
            {
                ulong answer = system.Buffer(4000);
                ulong argument = Request(system, system.Buffer(112), answer);
                Assert.Equal(error, Show(system.Call(SystemCallNumber.ioctl, file, request, argument)));
                Assert.Equal(exitInfo2, BitConverter.ToInt64(system.Get(argument + 24, 8)));
                Assert.Equal(status == AttestationStatus.Success, system.Get(answer, 4000).Any(value => value != 0));
            }
        }, attestation: device);
        Assert.Equal(3, device.Questions);
    }

    [Fact]
    public void Without_a_channel_nothing_is_asked()
    {
        FakeAttestation device = new();
        device.ForgetKeys();
        NorthSystem.Run(system =>
        {
            ulong argument = Request(system, system.Buffer(112), system.Buffer(4000));
            Assert.Equal("ENOTTY", Show(system.Call(SystemCallNumber.ioctl, OpenDevice(system), GetReport, argument)));
            Assert.Equal(Untouched, BitConverter.ToInt64(system.Get(argument + 24, 8)));
            MakeEntry(system);
            Assert.Equal("64", Put(system, "inblob", new byte[64]));
            Assert.Equal("ENOTTY", Take(system, "outblob", out _));
        }, attestation: device);
        Assert.Equal(0, device.Questions);
    }

    [Fact]
    public void Without_memory_the_answer_is_ENOMEM_and_nothing_is_asked()
    {
        FakeAttestation device = new();
        NorthSystem.Run(system =>
        {
            ulong file = OpenDevice(system);
            ulong argument = Request(system, system.Buffer(112), system.Buffer(4000));
            system.Machine.FakeHeap.ReservationsUntilFailure = 0;
            Assert.Equal("ENOMEM", Show(system.Call(SystemCallNumber.ioctl, file, GetReport, argument)));
            system.Machine.FakeHeap.ReservationsUntilFailure = -1;
        }, attestation: device);
        Assert.Equal(0, device.Questions);
    }

    [Fact]
    public void A_machine_that_nobody_attests_has_neither_device_nor_subsystem() => NorthSystem.Run(system =>
    {
        Assert.Equal("ENOENT", Show(unchecked((long)OpenDevice(system))));
        MountConfiguration(system);
        Assert.Equal("ENOENT", Show(system.Call(SystemCallNumber.mkdir, system.Text("/config/tsm/report/e"), 0x1ED)));
    });

    [Fact]
    public void A_report_is_asked_for_once_for_all_who_read_it_and_again_after_a_write()
    {
        FakeAttestation device = new() { Certificates = Table((64, 36)) };
        NorthSystem.Run(system =>
        {
            MakeEntry(system);
            byte[] nonce = [.. Enumerable.Range(1, 64).Select(value => (byte)value)];
            Put(system, "inblob", nonce);
            Assert.Equal("1184", Take(system, "outblob", out byte[] report));
            Assert.Equal(nonce, report[0x50..0x90]);
            Assert.Equal("100", Take(system, "auxblob", out _));
            Assert.Equal("1184", Take(system, "outblob", out _));
            Assert.Equal(1, device.Questions);
            Put(system, "privlevel", "2"u8.ToArray());
            Take(system, "outblob", out _);
            Assert.Equal(2, device.Questions);
            Assert.Equal(2, device.Question[64]);
        }, attestation: device);
    }

    [Theory]
    [InlineData(0x16u, "EINVAL")]
    [InlineData(0x27u, "EINVAL")]
    [InlineData(1u, "ENXIO")]
    public void A_refusal_of_the_processor_is_an_error_in_configfs_and_the_next_read_asks_again(uint status, string error)
    {
        FakeAttestation device = new() { FirmwareStatus = status };
        NorthSystem.Run(system =>
        {
            MakeEntry(system);
            Put(system, "inblob", new byte[64]);
            Assert.Equal(error, Take(system, "outblob", out _));
            Assert.Equal(error, Take(system, "auxblob", out _));
            Assert.Equal(2, device.Questions);
            device.FirmwareStatus = 0;
            Assert.Equal("1184", Take(system, "outblob", out _));
        }, attestation: device);
    }

    [Fact]
    public void The_hosts_table_of_certificates_may_say_what_it_likes() => Gen.Select(
        Gen.UInt[0, 20000], Gen.UInt, Gen.OneOf(Gen.UInt[0, 20000], Gen.UInt), Gen.Int[0, 3]).Sample((offset, wildOffset, length, count) =>
        {
            (uint Offset, uint Length)[] entries = [.. Enumerable.Range(0, count).Select(index => (index == 1 ? wildOffset : offset, length))];
            FakeAttestation device = new() { Certificates = Table(entries) };
            long expected = entries.TakeWhile(entry => entry != (0, 0)).Select(entry => (long)entry.Offset + entry.Length).DefaultIfEmpty(0).Max();
            NorthSystem.Run(system =>
            {
                MakeEntry(system);
                Put(system, "inblob", new byte[64]);
                Assert.Equal(Math.Min(expected, 16384).ToString(), Take(system, "auxblob", out _));
            }, attestation: device);
        }, iter: 60, threads: 1);

    [Theory]
    [InlineData("0", 0u, Errno.None)]
    [InlineData("3\n", 3u, Errno.None)]
    [InlineData("+7", 7u, Errno.None)]
    [InlineData("0x1f", 31u, Errno.None)]
    [InlineData("0XfF", 255u, Errno.None)]
    [InlineData("017", 15u, Errno.None)]
    [InlineData("4294967295", uint.MaxValue, Errno.None)]
    [InlineData("4294967296", 0u, Errno.ERANGE)]
    [InlineData("99999999999999999999999999", 0u, Errno.ERANGE)]
    [InlineData("1\0garbage", 1u, Errno.None)]
    [InlineData("", 0u, Errno.EINVAL)]
    [InlineData("\n", 0u, Errno.EINVAL)]
    [InlineData("+", 0u, Errno.EINVAL)]
    [InlineData("-1", 0u, Errno.EINVAL)]
    [InlineData(" 1", 0u, Errno.EINVAL)]
    [InlineData("1 ", 0u, Errno.EINVAL)]
    [InlineData("1\n\n", 0u, Errno.EINVAL)]
    [InlineData("08", 0u, Errno.EINVAL)]
    [InlineData("0x", 0u, Errno.EINVAL)]
    [InlineData("12a", 0u, Errno.EINVAL)]
    public void Numbers_are_read_as_kstrtouint_reads_them(string text, uint value, Errno error)
    {
        Assert.Equal(error, KernelNumber.TryRead(System.Text.Encoding.Latin1.GetBytes(text), out uint read));
        Assert.Equal(value, read);
    }

    private static ulong OpenDevice(NorthSystem system)
    {
        system.Call(SystemCallNumber.mkdir, system.Text("/devices"), 0x1ED);
        Assert.Equal(0, system.Call(SystemCallNumber.mount, system.Text("dev"), system.Text("/devices"), system.Text("devtmpfs"), 0, 0));
        return unchecked((ulong)system.Call(SystemCallNumber.openat, WorkingDirectory, system.Text("/devices/sev-guest"), 2));
    }

    private static ulong Request(NorthSystem system, ulong question, ulong answer)
    {
        byte[] request = new byte[32];
        request[0] = 1;
        BinaryPrimitives.WriteUInt64LittleEndian(request.AsSpan(8), question);
        BinaryPrimitives.WriteUInt64LittleEndian(request.AsSpan(16), answer);
        BinaryPrimitives.WriteUInt64LittleEndian(request.AsSpan(24), Untouched);
        return system.Put(request);
    }

    private static void MountConfiguration(NorthSystem system)
    {
        system.Call(SystemCallNumber.mkdir, system.Text("/config"), 0x1ED);
        Assert.Equal(0, system.Call(SystemCallNumber.mount, system.Text("none"), system.Text("/config"), system.Text("configfs"), 0, 0));
    }

    private static void MakeEntry(NorthSystem system)
    {
        MountConfiguration(system);
        Assert.Equal(0, system.Call(SystemCallNumber.mkdir, system.Text("/config/tsm/report/e"), 0x1ED));
    }

    private static string Put(NorthSystem system, string name, byte[] bytes)
    {
        ulong file = (ulong)system.Call(SystemCallNumber.openat, WorkingDirectory, system.Text("/config/tsm/report/e/" + name), 1);
        string result = Show(system.Call(SystemCallNumber.write, file, system.Put(bytes), (ulong)bytes.Length));
        system.Call(SystemCallNumber.close, file);
        return result;
    }

    private static string Take(NorthSystem system, string name, out byte[] bytes)
    {
        ulong file = (ulong)system.Call(SystemCallNumber.openat, WorkingDirectory, system.Text("/config/tsm/report/e/" + name), 0);
        ulong buffer = system.Buffer(20000);
        long count = system.Call(SystemCallNumber.read, file, buffer, 20000);
        system.Call(SystemCallNumber.close, file);
        bytes = system.Get(buffer, (int)Math.Max(count, 0));
        return Show(count);
    }

    private static byte[] Table(params (uint Offset, uint Length)[] entries)
    {
        byte[] table = new byte[16384];
        for (int i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan((24 * i) + 16), entries[i].Offset);
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan((24 * i) + 20), entries[i].Length);
        }

        return table;
    }
}

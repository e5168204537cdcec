using System;
using System.Buffers.Binary;
using System.Linq;
using System.Security.Cryptography;
using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.SecurityProcessor;
using Xunit;
using Report = LiteBox.Attestation.AttestationReport;

namespace LiteBox.SnpMachine.Tests;

/// <summary>
/// The guest's side of the message channel, written with .NET's ciphers from the specification, against the machine's security processor.
/// </summary>
public sealed unsafe class GuestMessageTests : IDisposable
{
    private const byte ReportRequest = 5;
    private const byte KeyRequest = 3;
    private readonly MachineFixture _machine = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly byte[] _response = new byte[4096];
    private MachineConfiguration _configuration;
    private LaunchedGuest _guest;

    public GuestMessageTests()
    {
        _configuration.ReportVersion = 3;
        _configuration.GuestPolicy = 0x30000;
        _configuration.CommittedTcb = 0xDB18_0000_0000_0004;
        _configuration.ReportedTcb = _configuration.CurrentTcb = _configuration.LaunchTcb = _configuration.CommittedTcb;
        _configuration.ReportedCpu = 0x01_01_19;
        fixed (byte* key = _configuration.VcekKey)
        {
            _key.ExportParameters(true).D.CopyTo(new Span<byte>(key, 48));
        }
        for (int i = 0; i < 48; i++)
        {
            _guest.Measurement[i] = (byte)i;
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        _machine.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_report_is_signed_by_the_key_and_says_what_was_asked(int version)
    {
        _configuration.ReportVersion = (uint)version;
        Assert.Equal(FirmwareStatus.Success, Ask(ReportRequest, ReportPayload(vmpl: 1), 1));
        byte[] answer = Open(2, ReportRequest + 1);
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(answer));
        Assert.Equal(0x4A0u, BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(4)));
        byte[] report = answer[32..];
        byte[] signature = [.. report[0x2A0..0x2D0].Reverse(), .. report[0x2E8..0x318].Reverse()];
        Assert.True(_key.VerifyData(report.AsSpan(0, 0x2A0), signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        Report parsed = Report.Parse(report).Value!;
        Assert.Equal((uint)version, parsed.Version);
        Assert.Equal(1u, parsed.Vmpl);
        Assert.Equal(ReportPayload(1)[..64], parsed.ReportData.ToArray());
        Assert.Equal([.. Enumerable.Range(0, 48).Select(i => (byte)i)], parsed.Measurement.ToArray());
        Assert.All(report[0x208..0x2A0], reserved => Assert.Equal(0, reserved));
        Assert.All(report[0x2D0..0x2E8], reserved => Assert.Equal(0, reserved));
    }

    [Fact]
    public void Sequence_numbers_go_up_by_two_and_a_replay_is_refused()
    {
        Assert.Equal(FirmwareStatus.Success, Ask(ReportRequest, ReportPayload(0), 1));
        Assert.Equal(FirmwareStatus.AeadOverflow, Ask(ReportRequest, ReportPayload(0), 1));
        Assert.Equal(Rule.MessageSequence, Refusal.Last);
        Assert.Equal(FirmwareStatus.AeadOverflow, Ask(ReportRequest, ReportPayload(0), 2));
        Assert.Equal(FirmwareStatus.Success, Ask(ReportRequest, ReportPayload(0), 3));
        Assert.Equal(FirmwareStatus.Success, Ask(ReportRequest, ReportPayload(3), 1, key: 3));
    }

    [Theory]
    [InlineData(0x00, (int)Rule.MessageTag)]
    [InlineData(0x10, (int)Rule.MessageReservedBits)]
    [InlineData(0x28, (int)Rule.MessageReservedBits)]
    [InlineData(0x30, (int)Rule.MessageHeader)]
    [InlineData(0x31, (int)Rule.MessageHeader)]
    [InlineData(0x32, (int)Rule.MessageHeader)]
    [InlineData(0x34, (int)Rule.MessageTag)]
    [InlineData(0x38, (int)Rule.MessageReservedBits)]
    [InlineData(0x3C, (int)Rule.MessageKey)]
    [InlineData(0x3D, (int)Rule.MessageReservedBits)]
    [InlineData(0x5F, (int)Rule.MessageReservedBits)]
    [InlineData(0x60, (int)Rule.MessageTag)]
    public void A_changed_byte_is_refused_and_uses_no_number_up(int offset, int rule)
    {
        byte[] message = Seal(ReportRequest, ReportPayload(0), 1, 0);
        message[offset] ^= 0x80;
        Assert.NotEqual(FirmwareStatus.Success, Send(message));
        Assert.Equal((Rule)rule, Refusal.Last);
        Assert.Equal(FirmwareStatus.Success, Ask(ReportRequest, ReportPayload(0), 1));
    }

    [Fact]
    public void Other_messages_and_sizes_are_refused()
    {
        Assert.NotEqual(FirmwareStatus.Success, Ask(7, new byte[8], 1));
        Assert.Equal(Rule.MessageType, Refusal.Last);
        Assert.NotEqual(FirmwareStatus.Success, Ask(ReportRequest, new byte[95], 1));
        Assert.Equal(Rule.MessageSize, Refusal.Last);
    }

    [Fact]
    public void A_report_for_a_higher_level_than_the_keys_is_refused_inside_the_answer()
    {
        Assert.Equal(FirmwareStatus.Success, Ask(ReportRequest, ReportPayload(1), 1, key: 2));
        Assert.Equal(0x16u, BinaryPrimitives.ReadUInt32LittleEndian(Open(2, ReportRequest + 1, 2)));
        Assert.Equal(Rule.MessageParameter, Refusal.Last);
    }

    [Fact]
    public void A_report_under_a_key_that_is_not_installed_says_so()
    {
        byte[] payload = ReportPayload(0);
        payload[68] = 2;
        Assert.Equal(FirmwareStatus.Success, Ask(ReportRequest, payload, 1));
        Assert.Equal(0x27u, BinaryPrimitives.ReadUInt32LittleEndian(Open(2, ReportRequest + 1)));
    }

    [Fact]
    public void A_derived_key_depends_on_what_is_selected_and_on_nothing_else()
    {
        byte[] plain = Derive(0, 1), again = Derive(0, 3), measured = Derive(1 << 3, 5);
        Assert.Equal(plain, again);
        Assert.NotEqual(plain, measured);
        _guest.Measurement[0] ^= 1;
        Assert.Equal(plain, Derive(0, 7));
        Assert.NotEqual(measured, Derive(1 << 3, 9));
    }

    private byte[] Derive(ulong fields, ulong sequence)
    {
        byte[] payload = new byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(8), fields);
        Assert.Equal(FirmwareStatus.Success, Ask(KeyRequest, payload, sequence));
        byte[] answer = Open(sequence + 1, KeyRequest + 1);
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(answer));
        return answer[32..64];
    }

    private static byte[] ReportPayload(int vmpl)
    {
        byte[] payload = new byte[96];
        for (int i = 0; i < 64; i++)
        {
            payload[i] = (byte)(i + 1);
        }
        payload[64] = (byte)vmpl;
        return payload;
    }

    private FirmwareStatus Ask(byte type, byte[] payload, ulong sequence, int key = 0) => Send(Seal(type, payload, sequence, key));

    private FirmwareStatus Send(byte[] message)
    {
        Array.Clear(_response);
        fixed (byte* request = message)
        fixed (byte* response = _response)
        fixed (MachineConfiguration* machine = &_configuration)
        fixed (LaunchedGuest* guest = &_guest)
        {
            return GuestMessages.Answer(request, response, machine, guest);
        }
    }

    // 56860, section 8.26: AAD is bytes 0x30 to 0x5F, the nonce the sequence number.
    private static byte[] Seal(byte type, byte[] payload, ulong sequence, int key)
    {
        byte[] page = new byte[4096];
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(0x20), sequence);
        page[0x30] = 1;
        page[0x31] = 1;
        page[0x32] = 0x60;
        page[0x34] = type;
        page[0x35] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(0x36), (ushort)payload.Length);
        page[0x3C] = (byte)key;
        using AesGcm cipher = new(Key(key), 16);
        cipher.Encrypt(Nonce(sequence), payload, page.AsSpan(0x60, payload.Length), page.AsSpan(0, 16), page.AsSpan(0x30, 0x30));
        return page;
    }

    private byte[] Open(ulong sequence, int type, int key = 0)
    {
        Assert.Equal(sequence, BinaryPrimitives.ReadUInt64LittleEndian(_response.AsSpan(0x20)));
        Assert.Equal(type, _response[0x34]);
        byte[] payload = new byte[BinaryPrimitives.ReadUInt16LittleEndian(_response.AsSpan(0x36))];
        using AesGcm cipher = new(Key(key), 16);
        cipher.Decrypt(Nonce(sequence), _response.AsSpan(0x60, payload.Length), _response.AsSpan(0, 16), payload, _response.AsSpan(0x30, 0x30));
        return payload;
    }

    private static byte[] Key(int index)
    {
        byte[] key = new byte[32];
        SecretsPage.Key(new byte[32], index, key);
        return key;
    }

    private static byte[] Nonce(ulong sequence)
    {
        byte[] nonce = new byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, sequence);
        return nonce;
    }
}

using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>The header of guest messages.</summary>
public sealed class GuestMessageTests
{
    [Fact]
    public void AHeaderIsReadFieldByField()
    {
        var header = GuestMessageHeader.Parse(Message()).Value!;
        Assert.Equal(GuestMessageType.ReportRequest, header.Type);
        Assert.Equal(0x0807060504030201UL, header.SequenceNumber);
        Assert.Equal(96, header.PayloadSize);
        Assert.Equal(2, header.Key);
        Assert.Equal(Enumerable.Range(1, 16).Select(value => (byte)(0xA0 + value)), header.Tag.ToArray());
    }

    [Fact]
    public void TheSequenceNumberIsCoveredByTheNonceAndNotByTheAuthenticatedData()
    {
        var message = Message();
        var header = GuestMessageHeader.Parse(message).Value!;
        Assert.Equal(message[0x30..0x60], header.AuthenticatedData.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0], header.Nonce());
    }

    [Fact]
    public void ReservedBytesMayBeAnything()
    {
        var message = Message();
        message[0x28] = message[0x38] = message[0x3D] = message[0x5F] = 0xEE;
        Assert.Null(GuestMessageHeader.Parse(message).Error);
    }

    [Theory]
    [InlineData(0x30, 0)]
    [InlineData(0x30, 2)]
    [InlineData(0x31, 0)]
    [InlineData(0x32, 0x61)]
    [InlineData(0x34, 0)]
    [InlineData(0x34, 19)]
    [InlineData(0x36, 97)]
    [InlineData(0x37, 0x10)]
    [InlineData(0x3C, 4)]
    public void WrongFieldsAreRefusedWithTheirPlace(int offset, byte value)
    {
        var message = Message();
        message[offset] = value;
        Assert.InRange(GuestMessageHeader.Parse(message).Error!.Offset!.Value, offset - 1, offset);
    }

    [Fact]
    public void AShortMessageIsRefused()
    {
        Assert.NotNull(GuestMessageHeader.Parse(Message().AsSpan(0, 95)).Error);
        Assert.NotNull(GuestMessageHeader.Parse([]).Error);
    }

    [Fact]
    public void AnAnswerFollowsItsRequest()
    {
        var request = GuestMessageHeader.Parse(Message()).Value!;
        Assert.Null(Answer(message => { }).WhyNoAnswerTo(request));
        Assert.Contains("MSG_SEQNO", Answer(message => message[0x20] = 1).WhyNoAnswerTo(request), StringComparison.Ordinal);
        Assert.Contains("MSG_SEQNO", Answer(message => message[0x20] = 3).WhyNoAnswerTo(request), StringComparison.Ordinal);
        Assert.Contains("MSG_TYPE", Answer(message => message[0x34] = 4).WhyNoAnswerTo(request), StringComparison.Ordinal);
        Assert.Contains("MSG_VMPCK", Answer(message => message[0x3C] = 1).WhyNoAnswerTo(request), StringComparison.Ordinal);
    }

    [Fact]
    public void KeysAreReadOutOfTheirMessage()
    {
        var payload = new byte[64];
        payload[0x20] = 7;
        Assert.Equal(7, KeyResponse.Parse(payload).Value!.Key[0]);
        Assert.NotNull(KeyResponse.Parse(payload.AsSpan(0, 63)).Error);
        Assert.NotNull(KeyResponse.Parse([.. payload, 0]).Error);
        payload[4] = 1;
        Assert.NotNull(KeyResponse.Parse(payload).Error);
        payload[4] = 0;
        payload[0] = 0x16;
        Assert.NotNull(KeyResponse.Parse(payload).Error);
    }

    private static byte[] Message()
    {
        var message = new byte[96 + 96];
        for (var index = 0; index < 16; index++)
        {
            message[index] = (byte)(0xA1 + index);
        }

        for (var index = 0; index < 8; index++)
        {
            message[0x20 + index] = (byte)(1 + index);
        }

        (message[0x30], message[0x31], message[0x32], message[0x34], message[0x35], message[0x36], message[0x3C]) = (1, 1, 0x60, 5, 1, 96,
            2);
        return message;
    }

    private static GuestMessageHeader Answer(Action<byte[]> change)
    {
        var message = Message();
        (message[0x20], message[0x34]) = (2, 6);
        change(message);
        return GuestMessageHeader.Parse(message).Value!;
    }
}

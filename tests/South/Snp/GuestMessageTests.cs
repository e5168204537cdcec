using System;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LiteBox.Cryptography;
using LiteBox.Platform;
using LiteBox.South.Snp;
using LiteBox.South.Stops;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T58 to T61: the channel to the security processor, with a host and a processor that lie at the n-th answer.</summary>
public sealed unsafe class GuestMessageTests : IDisposable
{
    private const ulong Busy = 2UL << 32;
    private const ulong DoesNotFit = 1UL << 32;

    private readonly byte[] key = [.. Enumerable.Range(1, 32).Select(value => (byte)(value * 7))];
    private readonly uint* count = (uint*)NativeMemory.AllocZeroed(4);
    private readonly byte[] question = [.. Enumerable.Range(0, 64).Select(value => (byte)(value + 100)), .. new byte[32]];
    private readonly byte[] answer = new byte[AttestationDevice.ReportAnswerSize];
    private readonly ScriptedSecurityProcessor processor;
    private readonly GuestMessageChannel channel;
    private readonly SnpAttestation device;

    public GuestMessageTests()
    {
        processor = new ScriptedSecurityProcessor(key);
        channel = new GuestMessageChannel(processor, key, 0, count);
        device = new SnpAttestation(channel, null!); // nobody waits here
    }

    public void Dispose() => NativeMemory.Free(count);

    [Fact]
    public void A_report_and_a_key_come_back_as_the_processor_made_them()
    {
        Assert.Equal(AttestationStatus.Success, GetReport().Status);
        Assert.Equal(question, processor.ReceivedPayload);
        Assert.Equal(ScriptedSecurityProcessor.Report(question), answer[..(32 + 0x4A0)]);
        Assert.All(answer[(32 + 0x4A0)..], value => Assert.Equal(0, value));

        SealingKeyRequest request = new(SealingKeyRoot.Chip, SealingKeyFields.Measurement | SealingKeyFields.GuestPolicy, 1, 2, 0x0304);
        byte[] sealing = new byte[32];
        Assert.True(request.TryDerive(device, sealing));
        byte[] asked = [2, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4, 3, 0, 0, 0, 0, 0, 0];
        Assert.Equal(asked, processor.ReceivedPayload);
        Assert.Equal(processor.Key(asked)[32..], sealing);
    }

    [Fact]
    public void A_key_that_the_processor_refuses_is_none()
    {
        processor.Payload = (_, reply) => [0x27, 0, 0, 0, .. reply[4..]];
        byte[] sealing = [.. Enumerable.Repeat((byte)9, 32)];
        Assert.False(new SealingKeyRequest(SealingKeyRoot.Provider, SealingKeyFields.Measurement, 0).TryDerive(device, sealing));
        Assert.Equal(new byte[32], sealing);
        Assert.True(device.HasChannel);
    }

    [Fact]
    public void T58_Numbers_go_on_from_those_that_are_used_up_and_by_two()
    {
        *count = 6;
        processor.Expected = 7;
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(AttestationStatus.Success, GetReport().Status);
        }

        Assert.Equal([7UL, 9UL, 11UL], processor.Questions.Select(Sequence));
        Assert.Equal(12u, *count);
    }

    [Fact]
    public void T58_The_last_number_that_the_page_can_count_is_the_last_one()
    {
        *count = uint.MaxValue - 2;
        processor.Expected = uint.MaxValue - 1;
        Assert.Equal(AttestationStatus.Success, GetReport().Status);
        AttestationResult result = GetReport();
        Assert.Equal((AttestationStatus.HostFailed, AttestationResult.NotAsked), (result.Status, result.HostAnswer));
        *count = uint.MaxValue - 1;
        Assert.Equal(AttestationStatus.HostFailed, GetReport().Status);
        Assert.Single(processor.Questions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void T58_A_busy_host_gets_the_same_bytes_again(int times)
    {
        processor.Host = index => index < times ? Busy : null;
        Assert.Equal(AttestationStatus.Success, GetReport().Status);
        Assert.Equal(times, processor.Waits);
        Assert.Equal(times + 1, processor.Questions.Count);
        Assert.All(processor.Questions, sent => Assert.Equal(processor.Questions[0], sent));
    }

    [Fact]
    public void T58_A_host_that_stays_busy_for_a_minute_costs_the_key()
    {
        processor.Host = _ => Busy;
        AttestationResult result = GetReport();
        Assert.Equal((AttestationStatus.TimedOut, Busy), (result.Status, result.HostAnswer));
        Assert.Equal(30, processor.Waits);
        AssertKeyIsGone();
    }

    [Theory]
    [InlineData(0x16UL)]
    [InlineData(0x1DUL)]
    [InlineData(DoesNotFit)] // to a question without certificates
    [InlineData(3UL << 32)]
    [InlineData(Busy | 1)]
    [InlineData(ulong.MaxValue)]
    public void T58_Any_other_error_costs_the_key(ulong error)
    {
        for (int bad = 0; bad < 3; bad++)
        {
            using GuestMessageTests each = new();
            each.processor.Host = index => index == bad ? error : null;
            for (int i = 0; i < bad; i++)
            {
                Assert.Equal(AttestationStatus.Success, each.GetReport().Status);
            }

            AttestationResult result = each.GetReport();
            Assert.Equal((AttestationStatus.HostFailed, error), (result.Status, result.HostAnswer));
            each.AssertKeyIsGone();
        }
    }

    [Fact]
    public void T58_A_request_that_the_host_does_not_take_costs_the_key()
    {
        processor.Transport = _ => false;
        Assert.Equal(AttestationStatus.HostFailed, GetReport().Status);
        AssertKeyIsGone();
    }

    [Fact]
    public void T58_An_error_after_a_busy_host_costs_the_key()
    {
        processor.Host = index => index == 0 ? Busy : 0x16;
        Assert.Equal(AttestationStatus.HostFailed, GetReport().Status);
        AssertKeyIsGone();
    }

    [Fact]
    public void T58_Certificates_that_do_not_fit_cost_one_number_and_not_the_key()
    {
        AttestationResult result = device.GetReportWithCertificates(1, question, answer, new byte[4096]);
        Assert.Equal((AttestationStatus.CertificatesDoNotFit, DoesNotFit, 2UL), (result.Status, result.HostAnswer, result.CertificatePages));
        Assert.Equal([true, false], processor.WasExtended);
        Assert.Equal(processor.Questions[0], processor.Questions[1]);
        Assert.All(answer, value => Assert.Equal(0, value));

        byte[] certificates = new byte[8192];
        Assert.Equal(AttestationStatus.Success, device.GetReportWithCertificates(1, question, answer, certificates).Status);
        Assert.All(certificates, value => Assert.Equal(0xCE, value));
        Assert.Equal(3UL, Sequence(processor.Questions[2]));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)] // there is one
    [InlineData((1UL << 18) + 1)]
    [InlineData(ulong.MaxValue)]
    public void T58_A_host_that_needs_an_impossible_number_of_pages_costs_the_key(ulong pages)
    {
        processor.NeededPages = pages;
        Assert.Equal(AttestationStatus.HostFailed, device.GetReportWithCertificates(1, question, answer, new byte[4096]).Status);
        AssertKeyIsGone();
    }

    [Fact]
    public void T58_A_wrong_answer_to_the_message_without_certificates_costs_the_key()
    {
        processor.OnWay = (index, reply) => reply[0] ^= (byte)(index == 1 ? 1 : 0);
        Assert.Equal(AttestationStatus.BadAnswer, device.GetReportWithCertificates(1, question, answer, new byte[4096]).Status);
        AssertKeyIsGone();
    }

    // Tag, sequence number, algorithm, header version, header size, type, version, payload size, key; then authenticated reserved bytes and payload.
    [Theory]
    [InlineData(0x00)]
    [InlineData(0x0F)]
    [InlineData(0x20)]
    [InlineData(0x27)]
    [InlineData(0x30)]
    [InlineData(0x31)]
    [InlineData(0x32)]
    [InlineData(0x33)]
    [InlineData(0x34)]
    [InlineData(0x35)]
    [InlineData(0x36)]
    [InlineData(0x37)]
    [InlineData(0x3C)]
    [InlineData(0x38)]
    [InlineData(0x5F)]
    [InlineData(0x60)]
    [InlineData(0x400)]
    public void T58_An_answer_that_was_changed_on_its_way_costs_the_key(int offset)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            using GuestMessageTests each = new();
            each.processor.OnWay = (index, reply) => reply[offset] ^= (byte)(index == 1 ? 1 << bit : 0);
            Assert.Equal(AttestationStatus.Success, each.GetReport().Status);
            Assert.Equal(AttestationStatus.BadAnswer, each.GetReport().Status);
            Assert.All(each.answer, value => Assert.Equal(0, value));
            each.AssertKeyIsGone();
        }
    }

    // The same fields, changed by somebody who has the key: the tag is right, and the header is not that of an answer to this question.
    [Theory]
    [InlineData(0x20)]
    [InlineData(0x30)]
    [InlineData(0x31)]
    [InlineData(0x32)]
    [InlineData(0x34)]
    [InlineData(0x35)]
    [InlineData(0x3C)]
    public void T58_An_answer_whose_header_is_anothers_costs_the_key_though_its_tag_is_right(int offset)
    {
        processor.Header = (_, reply) => reply[offset] ^= 2;
        Assert.Equal(AttestationStatus.BadAnswer, GetReport().Status);
        AssertKeyIsGone();
    }

    [Fact]
    public void T58_Reserved_bytes_of_an_answer_may_be_anything()
    {
        processor.Header = (_, reply) => reply[0x38] = reply[0x3D] = reply[0x5F] = 0xFF;
        processor.OnWay = (_, reply) => reply[0x10] = reply[0x28] = 0xFF;
        Assert.Equal(AttestationStatus.Success, GetReport().Status);
    }

    [Fact]
    public void T58_An_old_answer_costs_the_key()
    {
        processor.OnWay = (index, reply) =>
        {
            if (index == 1)
            {
                processor.Answers[0].CopyTo(reply, 0);
            }
        };
        Assert.Equal(AttestationStatus.Success, GetReport().Status);
        Assert.Equal(AttestationStatus.BadAnswer, GetReport().Status);
        AssertKeyIsGone();
    }

    [Fact]
    public void T58_No_answer_or_the_question_itself_costs_the_key()
    {
        foreach (bool isEmpty in new[] { true, false })
        {
            using GuestMessageTests each = new();
            each.processor.OnWay = (_, reply) =>
            {
                if (isEmpty)
                {
                    reply.AsSpan().Clear();
                }
                else
                {
                    each.processor.Questions[0].CopyTo(reply, 0);
                }
            };
            Assert.Equal(AttestationStatus.BadAnswer, each.GetReport().Status);
            each.AssertKeyIsGone();
        }
    }

    [Fact]
    public void T59_An_answer_longer_than_the_longest_one_costs_the_key()
    {
        processor.Payload = (_, reply) => new byte[AttestationDevice.KeyAnswerSize + 1];
        Assert.Equal(AttestationStatus.BadAnswer, device.GetKey(1, new byte[32], new byte[AttestationDevice.KeyAnswerSize]).Status);
        AssertKeyIsGone();
    }

    [Fact]
    public void T59_A_payload_beyond_the_page_costs_the_key()
    {
        processor.Header = (_, reply) => (reply[0x36], reply[0x37]) = (0xFF, 0xFF);
        Assert.Equal(AttestationStatus.BadAnswer, GetReport().Status);
        AssertKeyIsGone();
    }

    [Theory]
    [InlineData(32 + 0x50)] // REPORT_DATA
    [InlineData(32 + 0x8F)]
    [InlineData(32 + 0x30)] // VMPL
    [InlineData(4)] // size of the report
    public void T59_A_report_for_another_question_costs_the_key(int offset)
    {
        processor.Payload = (_, reply) =>
        {
            reply[offset] ^= 1;
            return reply;
        };
        Assert.Equal(AttestationStatus.BadAnswer, GetReport().Status);
        Assert.All(answer, value => Assert.Equal(0, value));
        AssertKeyIsGone();
    }

    [Fact]
    public void T59_The_level_of_a_report_is_the_one_that_was_asked_for()
    {
        question[64] = 2;
        Assert.Equal(AttestationStatus.Success, GetReport().Status);
        processor.Payload = (_, reply) =>
        {
            reply[32 + 0x30] = 0;
            return reply;
        };
        Assert.Equal(AttestationStatus.BadAnswer, GetReport().Status);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [InlineData(255, false)]
    public void T60_A_report_of_a_version_that_nobody_knows_is_refused_and_costs_nothing(byte version, bool isKnown)
    {
        processor.Payload = (_, reply) =>
        {
            reply[32] = version;
            return reply;
        };
        Assert.Equal(isKnown ? AttestationStatus.Success : AttestationStatus.BadAnswer, GetReport().Status);
        Assert.True(device.HasChannel);
    }

    [Fact]
    public void A_refusal_of_the_processor_is_an_answer()
    {
        processor.Payload = (_, _) => [0x27, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(AttestationStatus.Success, GetReport().Status);
        Assert.Equal(0x27, answer[0]);
        Assert.True(device.HasChannel);
    }

    [Fact]
    public void T61_Keys_are_taken_once_and_zeroed_where_they_were()
    {
        byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        new Span<byte>(page, 4096).Fill(0x5A);
        SecretsPage secrets = new(page);
        byte[] taken = new byte[32];
        Assert.True(secrets.TryTakeKey(0, taken));
        Assert.All(taken, value => Assert.Equal(0x5A, value));
        Assert.Equal(-1, new ReadOnlySpan<byte>(page + 0x20, 0x80).IndexOfAnyExcept((byte)0));
        Assert.Equal(0x5A5A_5A5Au, *secrets.SequenceCount(0));
        Assert.Equal((nint)(page + 0xAC), (nint)secrets.SequenceCount(3));
        Assert.False(secrets.TryTakeKey(0, taken));
        NativeMemory.AlignedFree(page);
    }

    [Fact]
    public void T61_Nothing_secret_is_shown_or_kept()
    {
        Assert.Equal(AttestationStatus.Success, GetReport().Status);
        byte[] derived = new byte[64];
        Assert.Equal(AttestationStatus.Success, device.GetKey(1, new byte[32], derived).Status);
        byte[][] secrets = [key, derived[32..], question[..64]];
        foreach (byte[] shown in processor.Questions.Concat(processor.Answers).Append(Field<byte[]>("request")).Append(Field<byte[]>("response")))
        {
            Assert.All(secrets, secret => Assert.Equal(-1, shown.AsSpan().IndexOf(secret.AsSpan(0, 8))));
        }
    }

    [Fact]
    public void T61_The_keys_are_gone_before_the_host_hears_of_the_end()
    {
        bool wasUsable = true;
        LyingHost host = new() { OnMsrExit = request => { wasUsable = device.HasChannel; return request; } };
        new SnpEnding(host) { Attestation = device }.End(StopReason.BrokenInvariant);
        Assert.False(wasUsable);
        AssertKeyIsGone();
    }

    private AttestationResult GetReport() => device.GetReport(1, question, answer);

    /// <summary>No byte of the cipher is left, and nothing is sent any more.</summary>
    private void AssertKeyIsGone()
    {
        int sent = processor.Questions.Count;
        Assert.False(device.HasChannel);
        Aes256Gcm cipher = Field<Aes256Gcm>("cipher");
        Assert.Equal(-1, new ReadOnlySpan<byte>(&cipher, sizeof(Aes256Gcm)).IndexOfAnyExcept((byte)0));
        Assert.Equal(AttestationStatus.NoChannel, GetReport().Status);
        Assert.Equal(AttestationStatus.NoChannel, device.GetReportWithCertificates(1, question, answer, new byte[8192]).Status);
        Assert.Equal(AttestationStatus.NoChannel, device.GetKey(1, new byte[32], new byte[64]).Status);
        Assert.Equal(sent, processor.Questions.Count);
    }

    private T Field<T>(string name) => (T)typeof(GuestMessageChannel).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(channel)!;

    private static ulong Sequence(byte[] message) => BitConverter.ToUInt64(message, 0x20);
}

using System;
using System.Buffers.Binary;
using LiteBox.Platform;

namespace LiteBox.South.Snp;

/// <summary>The security processor behind an SNP guest's message channel. A report is compared with what was asked before anybody gets it (T59).</summary>
internal sealed class SnpAttestation : AttestationDevice
{
    // The report (56860, table "ATTESTATION_REPORT"): these fields are where they are in all versions that there are (T60).
    private const uint FirstReportVersion = 2;
    private const uint LastReportVersion = 5;
    private const int ReportSize = 0x4A0;
    private const int ReportLevelOffset = 0x30;
    private const int ReportDataOffset = 0x50;

    // The question (MSG_REPORT_REQ) and the head of the answer.
    private const int DataSize = 64;
    private const int LevelOffset = 64;
    private const int SizeOffset = 4;

    private readonly GuestMessageChannel channel;
    private readonly Scheduler scheduler;
    private readonly WaitQueue turns = new();
    private bool isTaken;

    public SnpAttestation(GuestMessageChannel channel, Scheduler scheduler)
    {
        this.channel = channel;
        this.scheduler = scheduler;
    }

    /// <inheritdoc/>
    public override bool HasChannel => channel.IsUsable;

    /// <inheritdoc/>
    public override int PrivilegeFloor => 0;

    /// <inheritdoc/>
    public override AttestationResult GetReport(byte version, ReadOnlySpan<byte> question, Span<byte> answer)
    {
        Enter();
        AttestationResult result = channel.Ask(GuestMessage.ReportRequest, version, question, answer);
        return Leave(Judge(result, question, answer));
    }

    /// <inheritdoc/>
    public override AttestationResult GetReportWithCertificates(byte version, ReadOnlySpan<byte> question, Span<byte> answer, Span<byte> certificates)
    {
        Enter();
        AttestationResult result = channel.AskExtended(GuestMessage.ReportRequest, version, question, answer, certificates);
        return Leave(Judge(result, question, answer));
    }

    /// <inheritdoc/>
    public override AttestationResult GetKey(byte version, ReadOnlySpan<byte> question, Span<byte> answer)
    {
        Enter();
        return Leave(channel.Ask(GuestMessage.KeyRequest, version, question, answer));
    }

    /// <inheritdoc/>
    public override void ForgetKeys() => channel.Wipe();

    /// <summary>A report must be one whose layout is known, for these 64 bytes and this level. What is another's costs the key.</summary>
    private AttestationResult Judge(in AttestationResult result, ReadOnlySpan<byte> question, Span<byte> answer)
    {
        bool isReport = result.Status == AttestationStatus.Success && BinaryPrimitives.ReadUInt32LittleEndian(answer) == 0;
        if (!isReport)
        {
            return result;
        }

        ReadOnlySpan<byte> report = answer.Slice(AnswerHeaderSize, ReportSize);
        bool isOurs = BinaryPrimitives.ReadUInt32LittleEndian(answer.Slice(SizeOffset)) == ReportSize
            && report.Slice(ReportDataOffset, DataSize).SequenceEqual(question.Slice(0, DataSize))
            && report.Slice(ReportLevelOffset, sizeof(uint)).SequenceEqual(question.Slice(LevelOffset, sizeof(uint)));
        bool isKnown = BinaryPrimitives.ReadUInt32LittleEndian(report) is >= FirstReportVersion and <= LastReportVersion;
        if (isOurs && isKnown)
        {
            return result;
        }

        if (isKnown)
        {
            channel.Wipe();
        }

        answer.Clear();
        return new AttestationResult(AttestationStatus.BadAnswer, result.HostAnswer);
    }

    /// <summary>One question at a time: a busy host makes the one who asks wait.</summary>
    private void Enter()
    {
        while (isTaken)
        {
            scheduler.Wait(turns, Scheduler.Never, WaitKind.Uninterruptible);
        }

        isTaken = true;
    }

    private AttestationResult Leave(in AttestationResult result)
    {
        isTaken = false;
        turns.WakeOne();
        return result;
    }
}

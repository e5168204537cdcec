using System;
using System.Buffers.Binary;
using LiteBox.Platform;

namespace LiteBox.Fake;

/// <summary>A security processor that answers what a test tells it to: by default a report of zeros around the 64 bytes that it was given.</summary>
public sealed class FakeAttestation : AttestationDevice
{
    /// <summary>How each question ends.</summary>
    public AttestationResult Result { get; set; } = new(AttestationStatus.Success, 0);

    /// <summary>The processor's own status, the first word of an answer.</summary>
    public uint FirmwareStatus { get; set; }

    /// <summary>What the host puts into the pages for certificates.</summary>
    public byte[] Certificates { get; set; } = [];

    /// <summary>Questions so far.</summary>
    public int Questions { get; private set; }

    /// <summary>The last question.</summary>
    public byte[] Question { get; private set; } = [];

    public bool IsWiped { get; private set; }

    public override bool HasChannel => !IsWiped;

    public override int PrivilegeFloor => 0;

    public override AttestationResult GetReport(byte version, ReadOnlySpan<byte> question, Span<byte> answer)
    {
        Take(question);
        if (Result.Status == AttestationStatus.Success)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(answer, FirmwareStatus);
            BinaryPrimitives.WriteUInt32LittleEndian(answer[4..], 0x4A0);
            answer[32] = version;
            question[..64].CopyTo(answer[(32 + 0x50)..]);
        }

        return Result;
    }

    public override AttestationResult GetReportWithCertificates(byte version, ReadOnlySpan<byte> question, Span<byte> answer, Span<byte> certificates)
    {
        Certificates.AsSpan(0, Math.Min(Certificates.Length, certificates.Length)).CopyTo(certificates);
        return GetReport(version, question, answer);
    }

    public override AttestationResult GetKey(byte version, ReadOnlySpan<byte> question, Span<byte> answer)
    {
        Take(question);
        answer[AnswerHeaderSize..].Fill(0x77);
        return Result;
    }

    public override void ForgetKeys() => IsWiped = true;

    private void Take(ReadOnlySpan<byte> question)
    {
        Questions++;
        Question = question.ToArray();
    }
}

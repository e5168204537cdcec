using System;

namespace LiteBox.Platform;

/// <summary>How a question to the security processor ended.</summary>
public enum AttestationStatus
{
    /// <summary>It answered. Its own status is the first word of the answer.</summary>
    Success,

    /// <summary>There is no channel to it any more: an earlier failure cost the key.</summary>
    NoChannel,

    /// <summary>The host did not carry the message. The key is wiped, but where the message was never sent.</summary>
    HostFailed,

    /// <summary>The host's certificates need more room. Nothing else is wrong, and the question may be asked again.</summary>
    CertificatesDoNotFit,

    /// <summary>What came back is not an answer to this question. The key is wiped, but where only the report's version is a stranger.</summary>
    BadAnswer,

    /// <summary>The host was busy for a minute. The key is wiped.</summary>
    TimedOut,
}

/// <summary>What became of a question to the security processor.</summary>
public readonly struct AttestationResult
{
    /// <summary><see cref="HostAnswer"/> where the host was not asked or gave none.</summary>
    public const ulong NotAsked = 0xFF;

    public AttestationResult(AttestationStatus status, ulong hostAnswer, ulong certificatePages = 0)
    {
        Status = status;
        HostAnswer = hostAnswer;
        CertificatePages = certificatePages;
    }

    public AttestationStatus Status { get; }

    /// <summary>EXITINFO2 of the request (GHCB specification 56421, 4.1.7): the host's error in the upper half, the firmware's in the lower one.</summary>
    public ulong HostAnswer { get; }

    /// <summary>With <see cref="AttestationStatus.CertificatesDoNotFit"/>: pages of 4096 bytes that they need.</summary>
    public ulong CertificatePages { get; }
}

/// <summary>
/// The security processor as an SEV-SNP guest reaches it: signed reports of what was launched, and keys that only this launch can get. Questions and
/// answers are the payloads of guest messages as the SNP firmware ABI has them (56860, chapter 7). A call may wait, and others wait for it.
/// </summary>
public abstract class AttestationDevice
{
    /// <summary>Bytes of MSG_REPORT_REQ.</summary>
    public const int ReportQuestionSize = 96;

    /// <summary>Room for MSG_REPORT_RSP: all that a message can hold.</summary>
    public const int ReportAnswerSize = 4000;

    /// <summary>Bytes of MSG_KEY_REQ.</summary>
    public const int KeyQuestionSize = 32;

    /// <summary>Bytes of MSG_KEY_RSP.</summary>
    public const int KeyAnswerSize = 64;

    /// <summary>Bytes before the report or the key in an answer; a status word is the first of them.</summary>
    public const int AnswerHeaderSize = 32;

    /// <summary>The most bytes of certificates that can be taken.</summary>
    public const int CertificatesLimit = 16384;

    /// <summary>False once the channel's key is wiped: nothing is answered any more.</summary>
    public abstract bool HasChannel { get; }

    /// <summary>The lowest VMPL that a report can be asked for: the guest's own.</summary>
    public abstract int PrivilegeFloor { get; }

    /// <summary>Asks for a report. <paramref name="answer"/> takes up to <see cref="ReportAnswerSize"/> bytes, and zeros behind them.</summary>
    /// <param name="version">Version of the message.</param>
    /// <param name="question">MSG_REPORT_REQ: 64 bytes of the guest's own, VMPL, key selection.</param>
    public abstract AttestationResult GetReport(byte version, ReadOnlySpan<byte> question, Span<byte> answer);

    /// <summary>The same, with the table of certificates that the host has; zeros where it has none. The table is the host's word, and signed by nobody.</summary>
    /// <param name="certificates">Whole pages, up to <see cref="CertificatesLimit"/>; may be empty.</param>
    public abstract AttestationResult GetReportWithCertificates(byte version, ReadOnlySpan<byte> question, Span<byte> answer, Span<byte> certificates);

    /// <summary>Asks for a key. <paramref name="answer"/> holds a secret afterwards, which the caller clears.</summary>
    /// <param name="question">MSG_KEY_REQ; <see cref="SealingKeyRequest"/> writes it.</param>
    public abstract AttestationResult GetKey(byte version, ReadOnlySpan<byte> question, Span<byte> answer);

    /// <summary>Wipes the keys of the channel for good. What the machine does before it ends.</summary>
    public abstract void ForgetKeys();
}

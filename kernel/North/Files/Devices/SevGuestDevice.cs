using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>/dev/sev-guest: reports and keys of the security processor (Linux, Documentation/virt/coco/sev-guest.rst).</summary>
internal sealed class SevGuestDevice : CharacterDevice
{
    /// <summary>A misc device with a minor number that Linux would give out at boot.</summary>
    public static readonly ulong Number = DeviceNumbers.Make(10, 126);

    private readonly AttestationDevice attestation;

    public SevGuestDevice(AttestationDevice attestation) => this.attestation = attestation;

    /// <inheritdoc/>
    public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        file = new SevGuestFile(location, flags, attestation);
        return Errno.None;
    }
}

/// <summary>An open /dev/sev-guest. What a program gets for a wrong question is what Linux 6.12 gives it, exitinfo2 included.</summary>
internal sealed class SevGuestFile : OpenFile
{
    // include/uapi/linux/sev-guest.h: _IOWR('S', 0 to 2, struct snp_guest_request_ioctl).
    private const uint GetReport = 0xC020_5300;
    private const uint GetDerivedKey = 0xC020_5301;
    private const uint GetExtendedReport = 0xC020_5302;

    // struct snp_guest_request_ioctl.
    private const int RequestSize = 32;
    private const int QuestionOffset = 8;
    private const int AnswerOffset = 16;
    private const int HostAnswerOffset = 24;

    // struct snp_ext_report_req: the question, and where certificates are to go.
    private const int ExtendedSize = 112;
    private const int CertificatesAddressOffset = 96;
    private const int CertificatesLengthOffset = 104;

    /// <summary>Heap of one request: the longest answer and the most certificates.</summary>
    private const int Heap = AttestationDevice.ReportAnswerSize + AttestationDevice.CertificatesLimit + 256;

    private readonly AttestationDevice attestation;

    public SevGuestFile(in Location location, int flags, AttestationDevice attestation)
        : base(location, flags)
    {
        this.attestation = attestation;
    }

    /// <inheritdoc/>
    public override Result Control(Task task, uint request, ulong argument)
    {
        Span<byte> input = stackalloc byte[RequestSize];
        if (!task.UserMemory.TryRead(new UserAddress(argument), input))
        {
            return Errno.EFAULT;
        }

        if (input[0] == 0)
        {
            return Errno.EINVAL;
        }

        if (!attestation.HasChannel)
        {
            return Errno.ENOTTY;
        }

        if (!task.Kernel.Machine.Heap.TryReserve(Heap))
        {
            return Errno.ENOMEM;
        }

        ulong hostAnswer = AttestationResult.NotAsked;
        Errno error = Ask(task, request, input, ref hostAnswer);
        BinaryPrimitives.WriteUInt64LittleEndian(input.Slice(HostAnswerOffset), hostAnswer);
        return hostAnswer == 0 || task.UserMemory.TryWrite(new UserAddress(argument), input) ? error : Errno.EFAULT;
    }

    private Errno Ask(Task task, uint request, ReadOnlySpan<byte> input, ref ulong hostAnswer)
    {
        if (request is not (GetReport or GetDerivedKey or GetExtendedReport))
        {
            return Errno.ENOTTY;
        }

        UserAddress question = new(BinaryPrimitives.ReadUInt64LittleEndian(input.Slice(QuestionOffset)));
        UserAddress answer = new(BinaryPrimitives.ReadUInt64LittleEndian(input.Slice(AnswerOffset)));
        if (question.IsNull || answer.IsNull)
        {
            return Errno.EINVAL;
        }

        return request switch
        {
            GetReport => Report(task, input[0], question, answer, ref hostAnswer),
            GetDerivedKey => DerivedKey(task, input[0], question, answer, ref hostAnswer),
            _ => ExtendedReport(task, input[0], question, answer, ref hostAnswer),
        };
    }

    private Errno Report(Task task, byte version, UserAddress questionAddress, UserAddress answerAddress, ref ulong hostAnswer)
    {
        Span<byte> question = stackalloc byte[AttestationDevice.ReportQuestionSize];
        if (!task.UserMemory.TryRead(questionAddress, question))
        {
            return Errno.EFAULT;
        }

        byte[] answer = new byte[AttestationDevice.ReportAnswerSize];
        AttestationResult result = attestation.GetReport(version, question, answer);
        hostAnswer = result.HostAnswer;
        Errno error = AttestationErrors.Of(result.Status);
        return error == Errno.None && !task.UserMemory.TryWrite(answerAddress, answer) ? Errno.EFAULT : error;
    }

    private Errno DerivedKey(Task task, byte version, UserAddress questionAddress, UserAddress answerAddress, ref ulong hostAnswer)
    {
        Span<byte> question = stackalloc byte[AttestationDevice.KeyQuestionSize];
        if (!task.UserMemory.TryRead(questionAddress, question))
        {
            return Errno.EFAULT;
        }

        Span<byte> answer = stackalloc byte[AttestationDevice.KeyAnswerSize];
        AttestationResult result = attestation.GetKey(version, question, answer);
        hostAnswer = result.HostAnswer;
        Errno error = AttestationErrors.Of(result.Status);
        if (error == Errno.None && !task.UserMemory.TryWrite(answerAddress, answer))
        {
            error = Errno.EFAULT;
        }

        CryptographicOperations.ZeroMemory(answer); // the program's secret, not the kernel's (T61)
        return error;
    }

    private Errno ExtendedReport(Task task, byte version, UserAddress questionAddress, UserAddress answerAddress, ref ulong hostAnswer)
    {
        Span<byte> question = stackalloc byte[ExtendedSize];
        if (!task.UserMemory.TryRead(questionAddress, question))
        {
            return Errno.EFAULT;
        }

        UserAddress certificatesAddress = new(BinaryPrimitives.ReadUInt64LittleEndian(question.Slice(CertificatesAddressOffset)));
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(question.Slice(CertificatesLengthOffset));
        if (certificatesAddress.IsNull)
        {
            length = 0;
        }

        if (length > AttestationDevice.CertificatesLimit || length % UserAddress.PageSize != 0)
        {
            return Errno.EINVAL;
        }

        if (length != 0 && !certificatesAddress.IsRangeInUserHalf(length))
        {
            return Errno.EFAULT;
        }

        byte[] certificates = new byte[length];
        byte[] answer = new byte[AttestationDevice.ReportAnswerSize];
        AttestationResult result = attestation.GetReportWithCertificates(version, question.Slice(0, AttestationDevice.ReportQuestionSize), answer, certificates);
        hostAnswer = result.HostAnswer;
        if (result.Status == AttestationStatus.CertificatesDoNotFit)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(question.Slice(CertificatesLengthOffset), (uint)(result.CertificatePages * UserAddress.PageSize));
            if (!task.UserMemory.TryWrite(questionAddress, question))
            {
                return Errno.EFAULT;
            }
        }

        Errno error = AttestationErrors.Of(result.Status);
        return error == Errno.None && (!task.UserMemory.TryWrite(certificatesAddress, certificates) || !task.UserMemory.TryWrite(answerAddress, answer))
            ? Errno.EFAULT
            : error;
    }
}

/// <summary>Linux's errors for what can become of a question to the security processor.</summary>
internal static class AttestationErrors
{
    public static Errno Of(AttestationStatus status) => status switch
    {
        AttestationStatus.Success => Errno.None,
        AttestationStatus.NoChannel => Errno.ENOTTY,
        AttestationStatus.BadAnswer => Errno.EBADMSG,
        AttestationStatus.TimedOut => Errno.ETIMEDOUT,
        _ => Errno.EIO,
    };
}

using System;
using LiteBox.Cryptography;
using LiteBox.SnpMachine.Cryptography;
using LiteBox.SnpMachine.Diagnosis;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>Firmware status codes that an SNP_GUEST_REQUEST returns (56860, table 5).</summary>
internal enum FirmwareStatus : uint
{
    Success = 0,
    InvalidLength = 0x04,
    InvalidParameter = 0x16,
    BadMeasurement = 0x0A,
    AeadOverflow = 0x1D,
    InvalidKey = 0x27,
}

/// <summary>
/// SNP_GUEST_REQUEST: decrypts a message, answers it, and encrypts the answer under the same VMPCK (56860, sections 7 and 8.26).
/// </summary>
internal static unsafe class GuestMessages
{
    private const int HeaderSize = 0x60;
    private const int TagSize = 16;
    private const int SequenceOffset = 0x20;
    private const int AssociatedOffset = 0x30;
    private const int AssociatedSize = HeaderSize - AssociatedOffset;
    private const int TypeOffset = 0x34;
    private const int SizeOffset = 0x36;
    private const int KeyOffset = 0x3C;
    private const int MaximumPayload = (int)PhysicalLayout.PageSize - HeaderSize;

    private const byte Aes256GcmAlgorithm = 1;
    private const byte KeyRequest = 3;
    private const byte ReportRequest = 5;
    private const int ReportRequestSize = 96;
    private const int KeyRequestSize = 32;
    private const int KeyResponseSize = 64;
    private const int ResponseHeaderSize = 32;

    /// <summary>
    /// Answers the message in <paramref name="request"/>, a private copy of the guest's page; <paramref name="response"/> is a zeroed page.
    /// Only <see cref="FirmwareStatus.Success"/> uses up a sequence number.
    /// </summary>
    // SAFETY (of this method): both pages have 4096 bytes, and MSG_SIZE is checked against the room behind the header.
    public static FirmwareStatus Answer(byte* request, byte* response, MachineConfiguration* machine, LaunchedGuest* guest)
    {
        FirmwareStatus status = CheckHeader(request, guest, out int key, out int size);
        if (status != FirmwareStatus.Success)
        {
            return status;
        }
        ulong sequence = *(ulong*)(request + SequenceOffset);
        Aes256Gcm cipher = default;
        byte* keyBytes = stackalloc byte[Aes256Gcm.KeySize];
        byte* nonceBytes = stackalloc byte[Aes256Gcm.NonceSize];
        Span<byte> keySpan = new(keyBytes, Aes256Gcm.KeySize);
        Span<byte> nonce = new(nonceBytes, Aes256Gcm.NonceSize);
        SecretsPage.Key(new ReadOnlySpan<byte>(machine->Seed, 32), key, keySpan);
        cipher.SetKey(keySpan);
        SetNonce(nonceBytes, sequence);
        Span<byte> payload = new(request + HeaderSize, size);
        if (!cipher.TryDecrypt(nonce, new ReadOnlySpan<byte>(request + AssociatedOffset, AssociatedSize), payload, new ReadOnlySpan<byte>(request, TagSize)))
        {
            Refusal.Answer(Rule.MessageTag, sequence);
            return FirmwareStatus.BadMeasurement;
        }
        byte type = request[TypeOffset];
        byte* answer = response + HeaderSize;
        int answerSize;
        switch (type)
        {
            case ReportRequest:
                answerSize = Report(payload, answer, machine, guest, (uint)key);
                break;
            case KeyRequest:
                answerSize = DerivedKey(payload, answer, machine, guest, (uint)key);
                break;
            default:
                Refusal.Answer(Rule.MessageType, type);
                return FirmwareStatus.InvalidParameter;
        }
        if (answerSize == 0)
        {
            return FirmwareStatus.InvalidLength;
        }
        *(ulong*)(response + SequenceOffset) = sequence + 1;
        response[0x30] = Aes256GcmAlgorithm;
        response[0x31] = 1;
        *(ushort*)(response + 0x32) = HeaderSize;
        response[TypeOffset] = (byte)(type + 1);
        response[0x35] = 1;
        *(ushort*)(response + SizeOffset) = (ushort)answerSize;
        response[KeyOffset] = (byte)key;
        SetNonce(nonceBytes, sequence + 1);
        cipher.Encrypt(nonce, new ReadOnlySpan<byte>(response + AssociatedOffset, AssociatedSize), new Span<byte>(answer, answerSize),
            new Span<byte>(response, TagSize));
        guest->NextSequence[key] = sequence + 2;
        Counters.GuestMessages++;
        return FirmwareStatus.Success;
    }

    private static FirmwareStatus CheckHeader(byte* request, LaunchedGuest* guest, out int key, out int size)
    {
        key = request[KeyOffset];
        size = *(ushort*)(request + SizeOffset);
        ulong sequence = *(ulong*)(request + SequenceOffset);
        if (request[0x30] != Aes256GcmAlgorithm || request[0x31] != 1 || *(ushort*)(request + 0x32) != HeaderSize || request[0x35] is 0 or > 2)
        {
            Refusal.Answer(Rule.MessageHeader, sequence);
            return FirmwareStatus.InvalidParameter;
        }
        if (!IsZero(request + TagSize, 16) || !IsZero(request + 0x28, 8) || !IsZero(request + 0x38, 4) || !IsZero(request + 0x3D, 35))
        {
            Refusal.Answer(Rule.MessageReservedBits, sequence);
            return FirmwareStatus.InvalidParameter;
        }
        if (key >= SecretsPage.KeyCount)
        {
            Refusal.Answer(Rule.MessageKey, (ulong)key);
            return FirmwareStatus.InvalidKey;
        }
        if (size == 0 || size > MaximumPayload)
        {
            Refusal.Answer(Rule.MessageSize, (ulong)size);
            return FirmwareStatus.InvalidLength;
        }
        // The first message has number 1 (56860, section 8.26).
        ulong expected = guest->NextSequence[key] == 0 ? 1 : guest->NextSequence[key];
        if (sequence != expected)
        {
            Refusal.Answer(Rule.MessageSequence, sequence);
            return FirmwareStatus.AeadOverflow;
        }
        return FirmwareStatus.Success;
    }

    // MSG_REPORT_REQ: report data 64, VMPL u32, flags u32, reserved 24 (56860, tables 21 and 24).
    private static int Report(Span<byte> payload, byte* answer, MachineConfiguration* machine, LaunchedGuest* guest, uint key)
    {
        if (payload.Length != ReportRequestSize)
        {
            Refusal.Answer(Rule.MessageSize, (ulong)payload.Length);
            return 0;
        }
        uint vmpl = ReadUInt32(payload, 64);
        uint flags = ReadUInt32(payload, 68);
        uint status = (uint)FirmwareStatus.Success;
        if (vmpl < key || vmpl > 3 || flags > 2 || !IsZero(payload.Slice(72)))
        {
            Refusal.Answer(Rule.MessageParameter, vmpl);
            status = (uint)FirmwareStatus.InvalidParameter;
        }
        else if (flags == 2)
        {
            // No VLEK is installed.
            status = (uint)FirmwareStatus.InvalidKey;
        }
        else if (!AttestationReport.TryBuild(answer + ResponseHeaderSize, machine, guest, payload.Slice(0, 64), vmpl))
        {
            Stop.Machine("The configured VCEK key is not a P-384 private key"u8);
        }
        *(uint*)answer = status;
        *(uint*)(answer + 4) = status == 0 ? (uint)AttestationReport.Size : 0;
        return ResponseHeaderSize + AttestationReport.Size;
    }

    // MSG_KEY_REQ: root key select u32, reserved u32, field select u64, VMPL u32, guest SVN u32, TCB u64 (56860, tables 17 to 19).
    private static int DerivedKey(Span<byte> payload, byte* answer, MachineConfiguration* machine, LaunchedGuest* guest, uint vmpck)
    {
        if (payload.Length != KeyRequestSize && payload.Length != KeyRequestSize + 8)
        {
            Refusal.Answer(Rule.MessageSize, (ulong)payload.Length);
            return 0;
        }
        uint root = ReadUInt32(payload, 0);
        ulong fields = ReadUInt32(payload, 8) | (ulong)ReadUInt32(payload, 12) << 32;
        uint vmpl = ReadUInt32(payload, 16);
        uint svn = ReadUInt32(payload, 20);
        ulong tcb = ReadUInt32(payload, 24) | (ulong)ReadUInt32(payload, 28) << 32;
        for (int i = 0; i < KeyResponseSize; i++)
        {
            answer[i] = 0;
        }
        if (root > 7 || ReadUInt32(payload, 4) != 0 || fields > 0x7F || vmpl < vmpck || vmpl > 3 || svn > guest->GuestSvn
            || !IsTcbAllowed(tcb, machine->CommittedTcb))
        {
            Refusal.Answer(Rule.MessageParameter, fields);
            *(uint*)answer = (uint)FirmwareStatus.InvalidParameter;
            return KeyResponseSize;
        }
        if ((root >> 1 & 3) == 2)
        {
            *(uint*)answer = (uint)FirmwareStatus.InvalidKey;
            return KeyResponseSize;
        }
        byte* code = stackalloc byte[Sha384.Size];
        // SAFETY: all spans cover fields of the structures that they name, or the stack buffer above.
        HmacSha384 hmac = default;
        hmac.Start(new ReadOnlySpan<byte>(machine->Seed, 32));
        hmac.Add("derived key"u8);
        hmac.Add(payload);
        Mix(ref hmac, fields, 0, (byte*)&machine->GuestPolicy, 8);
        Mix(ref hmac, fields, 1, guest->ImageId, 16);
        Mix(ref hmac, fields, 2, guest->FamilyId, 16);
        Mix(ref hmac, fields, 3, guest->Measurement, Sha384.Size);
        hmac.Finish(new Span<byte>(code, Sha384.Size));
        for (int i = 0; i < Aes256Gcm.KeySize; i++)
        {
            answer[ResponseHeaderSize + i] = code[i];
        }
        return KeyResponseSize;
    }

    private static void Mix(ref HmacSha384 hmac, ulong fields, int bit, byte* data, int size)
    {
        if ((fields >> bit & 1) != 0)
        {
            hmac.Add(new ReadOnlySpan<byte>(data, size));
        }
    }

    // Component by component: no byte may be above that of the committed TCB.
    private static bool IsTcbAllowed(ulong tcb, ulong committed)
    {
        for (int i = 0; i < 64; i += 8)
        {
            if ((byte)(tcb >> i) > (byte)(committed >> i))
            {
                return false;
            }
        }
        return true;
    }

    private static void SetNonce(byte* nonce, ulong sequence)
    {
        *(ulong*)nonce = sequence;
        *(uint*)(nonce + 8) = 0;
    }

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, int offset) =>
        (uint)(bytes[offset] | bytes[offset + 1] << 8 | bytes[offset + 2] << 16 | bytes[offset + 3] << 24);

    private static bool IsZero(byte* bytes, int count) => IsZero(new ReadOnlySpan<byte>(bytes, count));

    private static bool IsZero(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != 0)
            {
                return false;
            }
        }
        return true;
    }
}

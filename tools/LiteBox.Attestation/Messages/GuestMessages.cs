using System.Buffers.Binary;

namespace LiteBox.Attestation;

/// <summary>MSG_TYPE of a guest message (56860, Guest Messages). A response is its request plus one.</summary>
public enum GuestMessageType : byte
{
    /// <summary>No message.</summary>
    Invalid = 0,

    /// <summary>MSG_CPUID_REQ.</summary>
    CpuidRequest = 1,

    /// <summary>MSG_CPUID_RSP.</summary>
    CpuidResponse = 2,

    /// <summary>MSG_KEY_REQ.</summary>
    KeyRequest = 3,

    /// <summary>MSG_KEY_RSP.</summary>
    KeyResponse = 4,

    /// <summary>MSG_REPORT_REQ.</summary>
    ReportRequest = 5,

    /// <summary>MSG_REPORT_RSP.</summary>
    ReportResponse = 6,

    /// <summary>MSG_EXPORT_REQ.</summary>
    ExportRequest = 7,

    /// <summary>MSG_EXPORT_RSP.</summary>
    ExportResponse = 8,

    /// <summary>MSG_IMPORT_REQ.</summary>
    ImportRequest = 9,

    /// <summary>MSG_IMPORT_RSP.</summary>
    ImportResponse = 10,

    /// <summary>MSG_ABSORB_REQ.</summary>
    AbsorbRequest = 11,

    /// <summary>MSG_ABSORB_RSP.</summary>
    AbsorbResponse = 12,

    /// <summary>MSG_VMRK_REQ.</summary>
    VmrkRequest = 13,

    /// <summary>MSG_VMRK_RSP.</summary>
    VmrkResponse = 14,

    /// <summary>MSG_ABSORB_NOMA_REQ.</summary>
    AbsorbNoMigrationAgentRequest = 15,

    /// <summary>MSG_ABSORB_NOMA_RSP.</summary>
    AbsorbNoMigrationAgentResponse = 16,

    /// <summary>MSG_TSC_INFO_REQ.</summary>
    TscInfoRequest = 17,

    /// <summary>MSG_TSC_INFO_RSP.</summary>
    TscInfoResponse = 18,
}

/// <summary>
/// The 96-byte header of a guest message (56860, Guest Message Format). The authenticated part is bytes 0x30 to 0x5F; the sequence
/// number is covered through the nonce alone.
/// </summary>
public sealed class GuestMessageHeader
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 0x60;

    /// <summary>The most payload that fits in one page with the header.</summary>
    public const int MaximumPayload = 4000;

    private const string Subject = "guest message";
    private const int AuthenticatedStart = 0x30;
    private const byte Aes256Gcm = 1;
    private readonly byte[] bytes;

    private GuestMessageHeader(byte[] bytes) => this.bytes = bytes;

    /// <summary>Reads the header at the start of a message. Reserved bytes may be anything: the firmware leaves some set.</summary>
    /// <param name="message">The header and, after it, at least the payload that it announces.</param>
    public static Parsed<GuestMessageHeader> Parse(ReadOnlySpan<byte> message)
    {
        if (message.Length < Size)
        {
            return new FormatError(Subject, message.Length, $"it ends after {message.Length} bytes, the header alone has {Size}");
        }

        var header = new GuestMessageHeader(message[..Size].ToArray());
        return header.Algorithm != Aes256Gcm ? new FormatError(Subject, 0x30,
            $"ALGO is {header.Algorithm}, only 1 (AES-256-GCM) is defined")
            : header.HeaderVersion != 1 ? new FormatError(Subject, 0x31, $"HDR_VERSION is {header.HeaderVersion}, only 1 is defined")
            : header.HeaderSize != Size ? new FormatError(Subject, 0x32, $"HDR_SIZE is {header.HeaderSize}, it must be {Size}")
            : header.bytes[0x34] is 0 or > (byte)GuestMessageType.TscInfoResponse
                ? new FormatError(Subject, 0x34, $"MSG_TYPE {header.bytes[0x34]} is not defined")
            : header.PayloadSize > MaximumPayload ? new FormatError(Subject, 0x36,
                $"MSG_SIZE is {header.PayloadSize}, a page has room for {MaximumPayload}")
            : header.PayloadSize > message.Length - Size ? new FormatError(Subject, 0x36,
                $"MSG_SIZE is {header.PayloadSize}, only {message.Length - Size} bytes follow the header")
            : header.Key > 3 ? new FormatError(Subject, 0x3C, $"MSG_VMPCK is {header.Key}, a guest has keys 0 to 3")
            : header;
    }

    /// <summary>AUTHTAG: the 16 bytes of the tag that are used.</summary>
    public ReadOnlySpan<byte> Tag => bytes.AsSpan(0, 16);

    /// <summary>MSG_SEQNO.</summary>
    public ulong SequenceNumber => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(0x20));

    /// <summary>ALGO, 1 is AES-256-GCM.</summary>
    public byte Algorithm => bytes[0x30];

    /// <summary>HDR_VERSION.</summary>
    public byte HeaderVersion => bytes[0x31];

    /// <summary>HDR_SIZE.</summary>
    public ushort HeaderSize => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(0x32));

    /// <summary>MSG_TYPE.</summary>
    public GuestMessageType Type => (GuestMessageType)bytes[0x34];

    /// <summary>MSG_VERSION.</summary>
    public byte MessageVersion => bytes[0x35];

    /// <summary>MSG_SIZE of the payload in the clear.</summary>
    public ushort PayloadSize => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(0x36));

    /// <summary>MSG_VMPCK: which of the guest's four keys.</summary>
    public byte Key => bytes[0x3C];

    /// <summary>The authenticated data as received; it is never built again.</summary>
    public ReadOnlySpan<byte> AuthenticatedData => bytes.AsSpan(AuthenticatedStart);

    /// <summary>The nonce: the sequence number in 8 bytes, little-endian, then 4 zero bytes.</summary>
    public byte[] Nonce()
    {
        var nonce = new byte[12];
        bytes.AsSpan(0x20, 8).CopyTo(nonce);
        return nonce;
    }

    /// <summary>Says what makes this no answer to a request; null when it is one.</summary>
    public string? WhyNoAnswerTo(GuestMessageHeader request) =>
        (byte)Type != (byte)request.Type + 1 ? $"MSG_TYPE {Type} does not answer {request.Type}"
        : SequenceNumber != unchecked(request.SequenceNumber + 1) ? $"MSG_SEQNO {SequenceNumber} does not follow {request.SequenceNumber}"
        : Key != request.Key ? $"MSG_VMPCK {Key} is not {request.Key}"
        : null;
}

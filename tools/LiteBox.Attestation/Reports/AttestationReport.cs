using System.Buffers.Binary;

namespace LiteBox.Attestation;

/// <summary>
/// An SNP attestation report: a view over the 1184 bytes as they were received (56860, ATTESTATION_REPORT). Nothing is ever
/// serialised again, so the signature is always judged over what the guest got.
/// </summary>
public sealed class AttestationReport
{
    /// <summary>The exact size of a report in bytes.</summary>
    public const int Size = 0x4A0;

    /// <summary>How many bytes from the start the signature covers.</summary>
    public const int SignedSize = 0x2A0;

    /// <summary>The oldest version with a known layout.</summary>
    public const uint OldestVersion = 2;

    /// <summary>The newest version with a known layout.</summary>
    public const uint NewestVersion = 5;

    /// <summary>VMPL of a report that the host asked for (SNP_HV_REPORT_REQ).</summary>
    public const uint HostVmpl = 0xFFFF_FFFF;

    private readonly byte[] bytes;

    private AttestationReport(byte[] bytes)
    {
        this.bytes = bytes;
        Defects = ReportDefect.Find(this);
    }

    /// <summary>Reads a report. Only the size and the version can make it unreadable; see <see cref="Defects"/> for the rest.</summary>
    /// <param name="data">Exactly 1184 bytes; they are copied.</param>
    /// <returns>The report, or what is wrong and where: another size, or a version whose layout is not known.</returns>
    public static Parsed<AttestationReport> Parse(ReadOnlySpan<byte> data)
    {
        const string Subject = "attestation report";
        if (data.Length < Size)
        {
            return new FormatError(Subject, data.Length, $"it ends after {data.Length} bytes, a report has {Size}",
                "give the raw report of MSG_REPORT_RSP, not the whole message or a text form");
        }

        if (data.Length > Size)
        {
            return new FormatError(Subject, Size, $"{data.Length - Size} bytes follow the report, which has {Size}",
                "cut the file after the report; of a 4000-byte MSG_REPORT_RSP take 1184 bytes from offset 32");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (version is < OldestVersion or > NewestVersion)
        {
            return new FormatError(Subject, 0, $"version {version} has no known layout, versions {OldestVersion} to {NewestVersion} have",
                version > NewestVersion ? "a newer litebox may know it" : "such reports come from simulators only");
        }

        return new AttestationReport(data.ToArray());
    }

    /// <summary>The 1184 bytes as received.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>The bytes that the signature covers.</summary>
    public ReadOnlySpan<byte> SignedBytes => bytes.AsSpan(0, SignedSize);

    /// <summary>Every place where a field that must be zero is not, or a value is none that the firmware can produce.</summary>
    public IReadOnlyList<ReportDefect> Defects { get; }

    /// <summary>VERSION of the layout, 2 to 5.</summary>
    public uint Version => U32(0x000);

    /// <summary>GUEST_SVN from the ID block.</summary>
    public uint GuestSvn => U32(0x004);

    /// <summary>POLICY.</summary>
    public GuestPolicy Policy => new(U64(0x008));

    /// <summary>FAMILY_ID from the ID block, 16 bytes.</summary>
    public ReadOnlySpan<byte> FamilyId => bytes.AsSpan(0x010, 16);

    /// <summary>IMAGE_ID from the ID block, 16 bytes.</summary>
    public ReadOnlySpan<byte> ImageId => bytes.AsSpan(0x020, 16);

    /// <summary>VMPL that the report speaks for, or <see cref="HostVmpl"/>.</summary>
    public uint Vmpl => U32(0x030);

    /// <summary>SIGNATURE_ALGO: 1 is ECDSA P-384 with SHA-384, and nothing else is defined.</summary>
    public uint SignatureAlgorithm => U32(0x034);

    /// <summary>CURRENT_TCB: what runs now.</summary>
    public TcbVersion CurrentTcb => new(U64(0x038));

    /// <summary>PLATFORM_INFO.</summary>
    public PlatformInfo PlatformInfo => new(U64(0x040));

    /// <summary>KEY_INFO.</summary>
    public KeyInfo KeyInfo => new(U32(0x048));

    /// <summary>REPORT_DATA from the guest, 64 bytes.</summary>
    public ReadOnlySpan<byte> ReportData => bytes.AsSpan(0x050, 64);

    /// <summary>MEASUREMENT: the launch digest, 48 bytes.</summary>
    public ReadOnlySpan<byte> Measurement => bytes.AsSpan(0x090, 48);

    /// <summary>HOST_DATA from the host at the end of launch, 32 bytes.</summary>
    public ReadOnlySpan<byte> HostData => bytes.AsSpan(0x0C0, 32);

    /// <summary>ID_KEY_DIGEST: SHA-384 of the 1028-byte structure of the ID key.</summary>
    public ReadOnlySpan<byte> IdKeyDigest => bytes.AsSpan(0x0E0, 48);

    /// <summary>AUTHOR_KEY_DIGEST, zero when there is no author key.</summary>
    public ReadOnlySpan<byte> AuthorKeyDigest => bytes.AsSpan(0x110, 48);

    /// <summary>REPORT_ID, random for each guest instance.</summary>
    public ReadOnlySpan<byte> ReportId => bytes.AsSpan(0x140, 32);

    /// <summary>REPORT_ID_MA of the migration agent; all 0xFF when there is none.</summary>
    public ReadOnlySpan<byte> ReportIdMigrationAgent => bytes.AsSpan(0x160, 32);

    /// <summary>REPORTED_TCB: the one the endorsement key is bound to.</summary>
    public TcbVersion ReportedTcb => new(U64(0x180));

    /// <summary>The processor; null in version 2, which names none.</summary>
    public CpuIdentity? Cpu => Version >= 3 ? new CpuIdentity(bytes[0x188], bytes[0x189], bytes[0x18A]) : null;

    /// <summary>CHIP_ID, 64 bytes; all zero when the host masks it.</summary>
    public ReadOnlySpan<byte> ChipId => bytes.AsSpan(0x1A0, 64);

    /// <summary>Whether CHIP_ID is all zero, so that the report names no machine.</summary>
    public bool ChipIdIsMasked => !ChipId.ContainsAnyExcept((byte)0);

    /// <summary>COMMITTED_TCB: firmware cannot be rolled back below it.</summary>
    public TcbVersion CommittedTcb => new(U64(0x1E0));

    /// <summary>Firmware that runs now.</summary>
    public FirmwareVersion CurrentFirmware => new(bytes[0x1EA], bytes[0x1E9], bytes[0x1E8]);

    /// <summary>Firmware that cannot be rolled back.</summary>
    public FirmwareVersion CommittedFirmware => new(bytes[0x1EE], bytes[0x1ED], bytes[0x1EC]);

    /// <summary>LAUNCH_TCB: CURRENT_TCB when the guest was launched or imported.</summary>
    public TcbVersion LaunchTcb => new(U64(0x1F0));

    /// <summary>LAUNCH_MIT_VECTOR; null before version 5.</summary>
    public ulong? LaunchMitigationVector => Version >= 5 ? U64(0x1F8) : null;

    /// <summary>CURRENT_MIT_VECTOR; null before version 5.</summary>
    public ulong? CurrentMitigationVector => Version >= 5 ? U64(0x200) : null;

    /// <summary>The signature over <see cref="SignedBytes"/>.</summary>
    public ReportSignature Signature => new(bytes.AsSpan(0x2A0, ReportSignature.Size));

    /// <summary>
    /// The product by the signed CPUID bytes; null in version 2 and for an unknown processor. A version-2 report does not say
    /// what it comes from: only its certificate chain does.
    /// </summary>
    public SnpProduct? Product => Cpu?.Product;

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    private ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(offset));
}

namespace LiteBox.Attestation;

/// <summary>
/// What a genuine report must say to be accepted. The defaults are what is right for most: VMPL 0, no debugging, no migration.
/// </summary>
public sealed record VerificationPolicy
{
    /// <summary>The least VERSION.</summary>
    public uint MinimumVersion { get; init; } = AttestationReport.OldestVersion;

    /// <summary>The VMPLs accepted; null accepts each of 0 to 3. A report that the host asked for is never accepted.</summary>
    public IReadOnlyList<uint>? Vmpls { get; init; } = [0];

    /// <summary>Whether POLICY.DEBUG may be set.</summary>
    public bool AllowDebug { get; init; }

    /// <summary>Whether POLICY.MIGRATE_MA may be set.</summary>
    public bool AllowMigration { get; init; }

    /// <summary>Whether a VCEK-signed report may have its CHIP_ID masked.</summary>
    public bool AllowMaskedChipId { get; init; }

    /// <summary>Whether CURRENT_TCB and firmware may be newer than what is committed, so that the host can still roll back.</summary>
    public bool AllowProvisionalFirmware { get; init; } = true;

    /// <summary>Whether a revocation list in force is demanded.</summary>
    public bool RequireRevocationList { get; init; }

    /// <summary>The products accepted; null accepts all.</summary>
    public IReadOnlyList<SnpProduct>? Products { get; init; }

    /// <summary>The products refused, for example Milan after its keys were extracted by fault injection.</summary>
    public IReadOnlyList<SnpProduct> DeniedProducts { get; init; } = [];

    /// <summary>The kinds of signing keys accepted; null accepts VCEK and VLEK.</summary>
    public IReadOnlyList<SigningKey>? SigningKeys { get; init; }

    /// <summary>The providers (CSP_ID) accepted for a VLEK; null accepts all.</summary>
    public IReadOnlyList<string>? Providers { get; init; }

    /// <summary>The launch digests accepted, with a name each; null accepts all.</summary>
    public IReadOnlyList<NamedDigest>? Measurements { get; init; }

    /// <summary>The 64 bytes REPORT_DATA must be; null accepts all.</summary>
    public byte[]? ReportData { get; init; }

    /// <summary>The 32 bytes HOST_DATA must be; null accepts all.</summary>
    public byte[]? HostData { get; init; }

    /// <summary>The 16 bytes FAMILY_ID must be; null accepts all.</summary>
    public byte[]? FamilyId { get; init; }

    /// <summary>The 16 bytes IMAGE_ID must be; null accepts all.</summary>
    public byte[]? ImageId { get; init; }

    /// <summary>The 32 bytes REPORT_ID must be; null accepts all.</summary>
    public byte[]? ReportId { get; init; }

    /// <summary>The 32 bytes REPORT_ID_MA must be; null accepts all.</summary>
    public byte[]? ReportIdMigrationAgent { get; init; }

    /// <summary>The ID_KEY_DIGESTs accepted; null accepts all.</summary>
    public IReadOnlyList<NamedDigest>? IdKeyDigests { get; init; }

    /// <summary>The AUTHOR_KEY_DIGESTs accepted; null accepts all.</summary>
    public IReadOnlyList<NamedDigest>? AuthorKeyDigests { get; init; }

    /// <summary>The chips accepted, 64 bytes each, or 8 for Turin; null accepts all.</summary>
    public IReadOnlyList<byte[]>? Chips { get; init; }

    /// <summary>The chips refused, since a revocation list cannot name one.</summary>
    public IReadOnlyList<byte[]> DeniedChips { get; init; } = [];

    /// <summary>The least GUEST_SVN.</summary>
    public uint MinimumGuestSvn { get; init; }

    /// <summary>The least levels, by which TCB of the report and by product. A product that the table leaves out is refused.</summary>
    public IReadOnlyDictionary<TcbKind, IReadOnlyDictionary<SnpProduct, TcbComponents>> MinimumTcbs { get; init; } =
        new Dictionary<TcbKind, IReadOnlyDictionary<SnpProduct, TcbComponents>>();

    /// <summary>The least firmware, of the current and of the committed one; null accepts all.</summary>
    public FirmwareVersion? MinimumFirmware { get; init; }

    /// <summary>The least ABI that POLICY must ask for, as major and minor; null accepts all.</summary>
    public (byte Major, byte Minor)? MinimumAbi { get; init; }

    /// <summary>Bits of POLICY that must be set.</summary>
    public ulong RequiredPolicyBits { get; init; }

    /// <summary>Bits of POLICY that must not be set.</summary>
    public ulong ForbiddenPolicyBits { get; init; }

    /// <summary>Bits of PLATFORM_INFO that must be set.</summary>
    public ulong RequiredPlatformBits { get; init; }

    /// <summary>Bits of PLATFORM_INFO that must not be set.</summary>
    public ulong ForbiddenPlatformBits { get; init; }

    /// <summary>Bits that LAUNCH_MIT_VECTOR must have; a report before version 5 has none.</summary>
    public ulong RequiredLaunchMitigations { get; init; }

    /// <summary>Bits that CURRENT_MIT_VECTOR must have; a report before version 5 has none.</summary>
    public ulong RequiredCurrentMitigations { get; init; }
}

/// <summary>The four TCB_VERSION fields of a report.</summary>
public enum TcbKind
{
    /// <summary>REPORTED_TCB.</summary>
    Reported,

    /// <summary>COMMITTED_TCB.</summary>
    Committed,

    /// <summary>CURRENT_TCB.</summary>
    Current,

    /// <summary>LAUNCH_TCB.</summary>
    Launch,
}

/// <summary>A digest and what it stands for.</summary>
/// <param name="Name">What a person calls it; null when nobody said.</param>
/// <param name="Digest">The bytes.</param>
public sealed record NamedDigest(string? Name, byte[] Digest);

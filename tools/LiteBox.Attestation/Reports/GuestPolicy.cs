namespace LiteBox.Attestation;

/// <summary>POLICY: what the guest's owner allowed the host at launch (56860, Guest Policy).</summary>
/// <param name="Raw">The 64 bits as they stand in the report.</param>
public readonly record struct GuestPolicy(ulong Raw)
{
    /// <summary>The bits with a meaning. Bit 17 is reserved and must be one.</summary>
    public static IReadOnlyList<NamedBit> Bits { get; } =
    [
        new(16, "SMT", "the host may run the guest with simultaneous multithreading on"),
        new(18, "MIGRATE_MA", "a migration agent may export the guest"),
        new(19, "DEBUG", "the host may read and write guest memory with the debug commands"),
        new(20, "SINGLE_SOCKET", "the guest runs on one socket only"),
        new(21, "CXL_ALLOW", "CXL memory may back the guest"),
        new(22, "MEM_AES_256_XTS", "memory must be encrypted with AES-256-XTS"),
        new(23, "RAPL_DIS", "running average power limit must be off"),
        new(24, "CIPHERTEXT_HIDING_DRAM", "ciphertext hiding must be on"),
        new(25, "PAGE_SWAP_DISABLE", "the page swap commands are off"),
    ];

    private const ulong ReservedOne = 1UL << 17;
    private const ulong Assigned = 0x03FF_FFFF;

    /// <summary>The least ABI minor version the guest asks for.</summary>
    public byte AbiMinor => (byte)Raw;

    /// <summary>The least ABI major version the guest asks for.</summary>
    public byte AbiMajor => (byte)(Raw >> 8);

    /// <summary>Whether the host may run the guest with multithreading on.</summary>
    public bool AllowsSmt => (Raw & (1UL << 16)) != 0;

    /// <summary>Whether a migration agent may be associated.</summary>
    public bool AllowsMigration => (Raw & (1UL << 18)) != 0;

    /// <summary>Whether the host may read guest memory with SNP_DBG_DECRYPT.</summary>
    public bool AllowsDebug => (Raw & (1UL << 19)) != 0;

    /// <summary>Whether bit 17, reserved, is one as it must be; a policy without it is malformed.</summary>
    public bool IsWellFormed => (Raw & ReservedOne) != 0;

    /// <summary>Bits 63:26 that are set: zero in today's ABI, later ones assign them.</summary>
    public ulong UnknownBits => Raw & ~Assigned;
}

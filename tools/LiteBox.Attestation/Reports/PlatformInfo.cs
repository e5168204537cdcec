namespace LiteBox.Attestation;

/// <summary>PLATFORM_INFO: how the machine is set up (56860, ATTESTATION_REPORT).</summary>
/// <param name="Raw">The 64 bits as they stand in the report.</param>
public readonly record struct PlatformInfo(ulong Raw)
{
    /// <summary>The bits with a published meaning. Bit 6 has none, and genuine Turin machines set it.</summary>
    public static IReadOnlyList<NamedBit> Bits { get; } =
    [
        new(0, "SMT_EN", "simultaneous multithreading is on"),
        new(1, "TSME_EN", "transparent memory encryption is on"),
        new(2, "ECC_EN", "memory has error correction"),
        new(3, "RAPL_DIS", "running average power limit is off"),
        new(4, "CIPHERTEXT_HIDING_DRAM_EN", "ciphertext hiding is on"),
        new(5, "ALIAS_CHECK_COMPLETE", "no aliased memory was found since the last reset (CVE-2024-21944)"),
        new(7, "SEV_TIO_EN", "trusted I/O is on"),
    ];

    private const ulong Assigned = 0xBF;

    /// <summary>Bits that are set and have no published meaning.</summary>
    public ulong UnknownBits => Raw & ~Assigned;
}

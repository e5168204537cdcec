using System.Globalization;

namespace LiteBox.Attestation;

/// <summary>The two layouts of TCB_VERSION (57230; 56860, TCB_VERSION).</summary>
public enum TcbLayout
{
    /// <summary>Milan and Genoa: boot loader, TEE, four reserved bytes, SNP, microcode.</summary>
    Family19h,

    /// <summary>Turin and later: FMC, boot loader, TEE, SNP, three reserved bytes, microcode.</summary>
    Family1Ah,
}

/// <summary>TCB_VERSION as it stands in a report: eight bytes whose meaning depends on the processor generation.</summary>
/// <param name="Raw">The eight bytes as a little-endian number. Never compare two of these numbers: compare components.</param>
public readonly record struct TcbVersion(ulong Raw)
{
    /// <summary>Reads the components in the layout of a generation.</summary>
    public TcbComponents Decode(TcbLayout layout) => layout == TcbLayout.Family1Ah
        ? new TcbComponents(Byte(0), Byte(1), Byte(2), Byte(3), Byte(7))
        : new TcbComponents(null, Byte(0), Byte(1), Byte(6), Byte(7));

    /// <summary>Whether every byte that the layout reserves is zero.</summary>
    public bool ReservedIsZero(TcbLayout layout) =>
        (Raw & (layout == TcbLayout.Family1Ah ? 0x00FF_FFFF_0000_0000UL : 0x0000_FFFF_FFFF_0000UL)) == 0;

    /// <summary>The eight bytes in hexadecimal, most significant first, as Azure's "tcbm" writes them.</summary>
    public override string ToString() => Raw.ToString("x16", CultureInfo.InvariantCulture);

    private byte Byte(int index) => (byte)(Raw >> (index * 8));
}

/// <summary>The security patch levels that a TCB_VERSION holds.</summary>
/// <param name="Fmc">Level of the first mutable code; null where the generation has none (before Turin).</param>
/// <param name="BootLoader">Level of the AMD secure processor's boot loader.</param>
/// <param name="Tee">Level of its operating system.</param>
/// <param name="Snp">Level of the SNP firmware.</param>
/// <param name="Microcode">Level of the CPU microcode.</param>
public readonly record struct TcbComponents(byte? Fmc, byte BootLoader, byte Tee, byte Snp, byte Microcode)
{
    /// <summary>Whether no component is older than the same component of <paramref name="minimum"/>.</summary>
    public bool IsAtLeast(TcbComponents minimum) => FirstBelow(minimum) is null;

    /// <summary>The name of the first component that is older than in <paramref name="minimum"/>; null when there is none.</summary>
    /// <remarks>An FMC level that is asked for and not there counts as older.</remarks>
    public string? FirstBelow(TcbComponents minimum) =>
        (minimum.Fmc ?? 0) > (Fmc ?? 0) ? "fmc"
        : BootLoader < minimum.BootLoader ? "bl"
        : Tee < minimum.Tee ? "tee"
        : Snp < minimum.Snp ? "snp"
        : Microcode < minimum.Microcode ? "uc"
        : null;

    /// <summary>Writes the components in the layout of a generation.</summary>
    public TcbVersion Encode(TcbLayout layout) => new(layout == TcbLayout.Family1Ah
        ? (Fmc ?? 0u) | ((ulong)BootLoader << 8) | ((ulong)Tee << 16) | ((ulong)Snp << 24) | ((ulong)Microcode << 56)
        : BootLoader | ((ulong)Tee << 8) | ((ulong)Snp << 48) | ((ulong)Microcode << 56));

    /// <summary>All components by their short names, for example "bl 4, tee 0, snp 24, uc 219".</summary>
    public override string ToString()
    {
        var rest = string.Create(CultureInfo.InvariantCulture, $"bl {BootLoader}, tee {Tee}, snp {Snp}, uc {Microcode}");
        return Fmc is { } fmc ? string.Create(CultureInfo.InvariantCulture, $"fmc {fmc}, {rest}") : rest;
    }
}

namespace LiteBox.GuestKit;

/// <summary>The machines on which whole-machine tests run this kernel.</summary>
public enum GuestPlatform
{
    /// <summary>An ordinary computer.</summary>
    Plain,

    /// <summary>An SNP guest, C-bit at 47, four levels of nested page tables.</summary>
    Snp47,

    /// <summary>An SNP guest, C-bit at 51, five levels of nested page tables.</summary>
    Snp51,
}

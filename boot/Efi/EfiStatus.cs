namespace LiteBox.Boot.Efi;

/// <summary>EFI_STATUS: errors have the top bit set (UEFI 2.10, appendix D).</summary>
internal readonly struct EfiStatus
{
    private const ulong ErrorBit = 1UL << 63;

    private readonly ulong value;

    private EfiStatus(ulong value) => this.value = value;

    public static EfiStatus LoadError => new(ErrorBit | 1);

    public static EfiStatus InvalidParameter => new(ErrorBit | 2);

    public static EfiStatus BufferTooSmall => new(ErrorBit | 5);

    /// <summary>True unless it is an error; warnings count as success.</summary>
    public bool IsSuccess => (value & ErrorBit) == 0;

    public bool Is(EfiStatus other) => value == other.value;
}

namespace LiteBox.South.Memory;

/// <summary>
/// The encoding of page-table entries in long mode (APM volume 2, 5.3 and 5.4), the same at every level but for <see cref="Large"/>.
/// An entry is a plain 64-bit word: all ones and zeros that the processor sees are named here and nowhere else.
/// </summary>
internal static class PageTableEntry
{
    public const ulong Present = 1UL << 0;
    public const ulong Writable = 1UL << 1;
    public const ulong User = 1UL << 2;
    public const ulong WriteThrough = 1UL << 3;
    public const ulong CacheDisable = 1UL << 4;
    public const ulong Accessed = 1UL << 5;
    public const ulong Dirty = 1UL << 6;

    /// <summary>In a page-directory entry: it maps 2 MiB and names no table.</summary>
    public const ulong Large = 1UL << 7;

    /// <summary>Survives a load of CR3: for what all address spaces share.</summary>
    public const ulong Global = 1UL << 8;

    /// <summary>Ours (bits 9 to 11 are free for software): not present, but the entry still owns its frame (PROT_NONE).</summary>
    public const ulong Held = 1UL << 9;

    public const ulong NoExecute = 1UL << 63;

    /// <summary>The address field of an entry before any encryption bit is taken out of it.</summary>
    private const ulong AddressField = 0x000F_FFFF_FFFF_F000;

    /// <summary>
    /// The C-bit of an SNP guest as a mask, or 0 (APM volume 2, 15.34.1). Set in every entry that names private memory, tables included.
    /// </summary>
    public static ulong EncryptionMask { get; private set; }

    /// <summary>The bits of an entry that are an address.</summary>
    public static ulong AddressMask { get; private set; } = AddressField;

    /// <summary>An entry that names a lower table: all restrictions are left to the leaf.</summary>
    public static ulong ToTable(PhysicalAddress table) => table.Value | Present | Writable | User | Accessed | EncryptionMask;

    /// <summary>An entry that maps private memory.</summary>
    public static ulong ToPage(PhysicalAddress page, ulong flags) => page.Value | flags | EncryptionMask;

    /// <summary>The address in an entry.</summary>
    public static PhysicalAddress AddressOf(ulong entry) => new(entry & AddressMask);

    /// <summary>Says which bit means "encrypted". Once, before the first table is built.</summary>
    public static void UseEncryptionMask(ulong mask)
    {
        EncryptionMask = mask;
        AddressMask = AddressField & ~mask;
    }
}

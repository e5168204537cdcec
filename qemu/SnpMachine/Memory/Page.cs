namespace LiteBox.SnpMachine.Memory;

/// <summary>Whole pages, eight bytes at a time.</summary>
internal static unsafe class Page
{
    /// <summary>What a page holds after its state has changed: contents do not survive, and nobody should rely on zeros.</summary>
    public const ulong Poison = 0xA5C3_5A3C_96E1_691E;

    // SAFETY (of this type): callers pass pages that they own, aligned to eight bytes.
    public static void Fill(byte* page, ulong pattern, ulong pages = 1)
    {
        ulong* word = (ulong*)page;
        ulong* end = word + pages * (PhysicalLayout.PageSize / 8);
        while (word < end)
        {
            word[0] = pattern;
            word[1] = pattern;
            word[2] = pattern;
            word[3] = pattern;
            word += 4;
        }
    }

    public static void Copy(byte* to, byte* from)
    {
        ulong* target = (ulong*)to;
        ulong* source = (ulong*)from;
        for (ulong i = 0; i < PhysicalLayout.PageSize / 8; i++)
        {
            target[i] = source[i];
        }
    }
}

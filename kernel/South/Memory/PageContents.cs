using System.Runtime.InteropServices;

namespace LiteBox.South.Memory;

/// <summary>
/// Whole pages as data. The compiler turns the assignment of a 128-byte structure into eight 16-byte stores, which beats
/// a byte-wise loop and a string instruction alike in instructions.
/// </summary>
internal static unsafe class PageContents
{
    private const int PartsPerRound = 4;

    /// <summary>Fills a page with zeros.</summary>
    // SAFETY: the caller owns the page's 4096 bytes, aligned.
    public static void Clear(byte* page)
    {
        Part* part = (Part*)page;
        Part* end = part + (PageSize.Bytes / sizeof(Part));
        do
        {
            part[0] = default;
            part[1] = default;
            part[2] = default;
            part[3] = default;
            part += PartsPerRound;
        }
        while (part != end);
    }

    /// <summary>Copies a page to another.</summary>
    // SAFETY: the caller owns both pages, which are not the same.
    public static void Copy(byte* source, byte* destination)
    {
        Part* from = (Part*)source;
        Part* to = (Part*)destination;
        Part* end = from + (PageSize.Bytes / sizeof(Part));
        do
        {
            to[0] = from[0];
            to[1] = from[1];
            to[2] = from[2];
            to[3] = from[3];
            from += PartsPerRound;
            to += PartsPerRound;
        }
        while (from != end);
    }

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Part
    {
    }
}

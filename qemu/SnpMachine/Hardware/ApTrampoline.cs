using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Hardware;

/// <summary>
/// How the other processors come up: a start-up IPI begins in real mode below 1 MiB, so a far jump to the image's start-up code stands there
/// for a moment, in memory that is the guest's later and is cleared before it gets it.
/// </summary>
internal static unsafe class ApTrampoline
{
    /// <summary>Number of the 4 KiB page.</summary>
    public const byte Page = 8;

    // The reset stub's page tables, which the start-up code uses as well.
    private const ulong TablesStart = 0x1_0000;
    private const ulong TablePages = 3;

    public static void Install()
    {
        byte* code = (byte*)(Page * PhysicalLayout.PageSize);
        // SAFETY: low memory belongs to nobody before the launch. JMP F000:FFE0, where the reset stub keeps its second entry.
        code[0] = 0xEA;
        code[1] = 0xE0;
        code[2] = 0xFF;
        code[3] = 0x00;
        code[4] = 0xF0;
        *(ulong*)(TablesStart + StartUpRoot) = HostPaging.Root;
    }

    /// <summary>Leaves the guest's memory as the launch expects it, zeroed.</summary>
    public static void Erase()
    {
        Memory.Page.Fill((byte*)(Page * PhysicalLayout.PageSize), 0);
        Memory.Page.Fill((byte*)TablesStart, 0, TablePages);
    }

    /// <summary>Where, behind the tables' start, an AP finds the CR3 that it shall use: an entry of the first table that maps nothing.</summary>
    public const int StartUpRoot = 0x800;
}

using System.Runtime.InteropServices;

namespace LiteBox.South.Memory;

/// <summary>What a frame is used for. Everything but <see cref="Data"/> is South's own and out of North's reach.</summary>
internal enum FrameKind : byte
{
    /// <summary>Not memory, firmware's, or a device's: never handed out. The value of a record nobody has written.</summary>
    Reserved,

    /// <summary>In the allocator.</summary>
    Free,

    /// <summary>User pages and page cache.</summary>
    Data,

    /// <summary>A page table of any level of a program's address space.</summary>
    PageTable,

    /// <summary>Part of a kernel stack.</summary>
    KernelStack,

    /// <summary>Part of the collected heap.</summary>
    Heap,

    /// <summary>The kernel's image, frame records and what else lives as long as the machine.</summary>
    Kernel,

    /// <summary>Shared with a device.</summary>
    Device,

    /// <summary>A page table of the kernel's half that was made after boot: freed when it maps nothing.</summary>
    KernelPageTable,
}

/// <summary>What the kernel knows of one frame: 16 bytes, at <see cref="Handover.AddressSpaceLayout.FrameRecords"/> plus 16 times its number.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameRecord
{
    /// <summary>Log2 of the structure's size.</summary>
    public const int Shift = 4;

    /// <summary>Values of <see cref="FrameKind"/>.</summary>
    public const int KindCount = (int)FrameKind.KernelPageTable + 1;

    /// <summary>How many own a data frame; 0 for all other kinds.</summary>
    public uint Owners;

    /// <summary>What it is used for.</summary>
    public FrameKind Kind;

    private byte padding;

    /// <summary>For a page table: entries that are not zero.</summary>
    public ushort EntryCount;

    /// <summary>
    /// For a page table: bit n is set where one of the entries 8n to 8n+7 may not be zero, so that walks pass over empty parts quickly.
    /// </summary>
    public ulong EntryGroups;
}

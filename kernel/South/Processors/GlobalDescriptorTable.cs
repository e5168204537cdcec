using System.Runtime.InteropServices;

namespace LiteBox.South.Processors;

/// <summary>The segment descriptors (APM volume 2, 4.7 and 4.8.3). In 64-bit mode they say little more than the privilege level.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GlobalDescriptorTable
{
    private ulong null0;
    private ulong null1;
    private ulong kernelCode;
    private ulong kernelData;
    private ulong userCode32;
    private ulong userData;
    private ulong userCode;
    private ulong unused;
    private ulong taskStateLow;
    private ulong taskStateHigh;

    /// <summary>Present, code, readable, accessed, long mode.</summary>
    private const ulong KernelCodeDescriptor = 0x00AF_9B00_0000_FFFF;

    /// <summary>Present, data, writable, accessed.</summary>
    private const ulong KernelDataDescriptor = 0x00CF_9300_0000_FFFF;

    private const ulong UserPrivilege = 3UL << 45;

    /// <summary>The table with a task state segment at an address.</summary>
    internal static GlobalDescriptorTable Create(ulong taskStateAddress) => new()
    {
        kernelCode = KernelCodeDescriptor,
        kernelData = KernelDataDescriptor,
        userData = KernelDataDescriptor | UserPrivilege,
        userCode = KernelCodeDescriptor | UserPrivilege,
        taskStateLow = TaskStateLow(taskStateAddress),
        taskStateHigh = taskStateAddress >> 32,
    };

    /// <summary>Present, available 64-bit TSS (type 9), with the segment's limit and the low 32 bits of its base.</summary>
    private static ulong TaskStateLow(ulong address) =>
        (TaskStateSegment.Size - 1) | ((address & 0xFF_FFFF) << 16) | (0x89UL << 40) | (((address >> 24) & 0xFF) << 56);
}

/// <summary>The operand of LGDT and LIDT: a 16-bit limit and a 64-bit base (APM volume 2, 4.6.2).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct PseudoDescriptor
{
    private readonly ushort limit;
    private readonly ulong address;

    internal PseudoDescriptor(int size, ulong address)
    {
        limit = (ushort)(size - 1);
        this.address = address;
    }
}

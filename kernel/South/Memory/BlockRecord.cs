using System.Runtime.InteropServices;

namespace LiteBox.South.Memory;

/// <summary>The free frames among the 512 of one 2 MiB block: 128 bytes, at <see cref="Handover.AddressSpaceLayout.BlockRecords"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1 << Shift)]
internal unsafe struct BlockRecord
{
    /// <summary>Log2 of the structure's size.</summary>
    public const int Shift = 7;

    /// <summary>Words of <see cref="FreeFrames"/>.</summary>
    public const int WordCount = PageSize.FramesPerLarge / 64;

    /// <summary>One bit a frame: set where it is free.</summary>
    public fixed ulong FreeFrames[WordCount];

    /// <summary>One bit a word of <see cref="FreeFrames"/>: set where it is not zero.</summary>
    public uint FreeWords;

    /// <summary>Free frames in the block.</summary>
    public uint FreeCount;

    /// <summary>Neighbours in the list that the block is in; all ones for none.</summary>
    public uint Previous;

    /// <summary>See <see cref="Previous"/>.</summary>
    public uint Next;
}

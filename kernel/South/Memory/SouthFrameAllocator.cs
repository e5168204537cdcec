using System;
using System.Runtime.CompilerServices;
using LiteBox.Platform;

namespace LiteBox.South.Memory;

/// <summary>Data frames for North: the frame database with the rule that North reaches data frames that it owns, and nothing else.</summary>
internal sealed unsafe class SouthFrameAllocator : FrameAllocator
{
    private readonly uint zeroFrame;

    /// <summary>Takes the frame of zeros; memory cannot be short yet.</summary>
    // SAFETY: the frame is fresh.
    public SouthFrameAllocator()
    {
        if (!FrameDatabase.TryTake(FrameKind.Data, out zeroFrame))
        {
            Invariant.Broken("There is no memory for the frame of zeros.");
        }

        PageContents.Clear(FrameDatabase.Bytes(zeroFrame));
        FrameDatabase.AddOwner(zeroFrame); // a mapper is never the only owner
    }

    /// <inheritdoc/>
    public override Frame ZeroFrame => new(zeroFrame);

    /// <inheritdoc/>
    public override long FreeCount => FrameDatabase.FreeCount;

    /// <inheritdoc/>
    public override long UnacceptedCount => DormantMemory.UnacceptedCount;

    /// <inheritdoc/>
    public override long TotalCount => FrameDatabase.TotalCount;

    /// <inheritdoc/>
    public override long DataCount => FrameDatabase.CountOf(FrameKind.Data);

    /// <inheritdoc/>
    public override long PageTableCount => FrameDatabase.CountOf(FrameKind.PageTable) - PageTablePool.Count;

    /// <inheritdoc/>
    public override long KernelStackCount => FrameDatabase.CountOf(FrameKind.KernelStack) - KernelStacks.ReadyFrameCount;

    /// <inheritdoc/>
    // SAFETY: the frame is fresh and nobody else's.
    public override bool TryAllocate(FrameContents contents, out Frame frame)
    {
        bool success = FrameDatabase.TryTake(FrameKind.Data, out uint number);
        if (success && contents == FrameContents.Zeroed)
        {
            PageContents.Clear(FrameDatabase.Bytes(number));
        }

        frame = new Frame(number);
        return success;
    }

    /// <inheritdoc/>
    public override void AddOwner(Frame frame)
    {
        CheckRange(frame);
        FrameDatabase.AddOwner(frame.Number);
    }

    /// <inheritdoc/>
    public override void Release(Frame frame)
    {
        CheckRange(frame);
        FrameDatabase.Release(frame.Number);
    }

    /// <inheritdoc/>
    public override int OwnerCount(Frame frame) => (int)DataRecord(frame)->Owners;

    /// <inheritdoc/>
    // SAFETY: the record says that the frame holds data, and so is in the direct map and nobody's secret.
    public override Span<byte> Bytes(Frame frame)
    {
        DataRecord(frame);
        return new Span<byte>(FrameDatabase.Bytes(frame.Number), PageSize.Bytes);
    }

    // SAFETY: frame numbers below the end of RAM either have a record or fault, which stops the machine.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FrameRecord* DataRecord(Frame frame)
    {
        CheckRange(frame);
        FrameRecord* record = FrameDatabase.Record(frame.Number);
        if (record->Kind != FrameKind.Data)
        {
            Invariant.Broken("North reached for a frame that holds no data.");
        }

        return record;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckRange(Frame frame)
    {
        if (frame.Number >= FrameDatabase.EndNumber)
        {
            Invariant.Broken("North named a frame that does not exist.");
        }
    }
}

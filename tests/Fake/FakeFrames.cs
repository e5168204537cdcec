using System;
using System.Collections.Generic;
using LiteBox.Platform;

namespace LiteBox.Fake;

/// <summary>Frames as arrays. Checks what a South would stop at: use after free, release of what nobody owns.</summary>
public sealed class FakeFrames : FrameAllocator
{
    private readonly List<byte[]?> bytes = [null];
    private readonly List<int> owners = [0];
    private readonly Stack<uint> free = new();
    private readonly long capacity;
    private long used;

    public FakeFrames(long capacity)
    {
        this.capacity = capacity;
        TryAllocate(FrameContents.Zeroed, out Frame zero);
        AddOwner(zero);
        ZeroFrame = zero;
    }

    /// <summary>How many more allocations succeed; negative: no limit but the capacity. For fail-the-n-th tests.</summary>
    public long AllocationsUntilFailure { get; set; } = -1;

    /// <summary>Allocations asked for so far.</summary>
    public long AllocationCount { get; private set; }

    public override Frame ZeroFrame { get; }

    public override long FreeCount => capacity - used;

    public override long TotalCount => capacity;

    public override long DataCount => used - tables.Count;

    public override long PageTableCount => tables.Count;

    public override long KernelStackCount => 0;

    public override bool TryAllocate(FrameContents contents, out Frame frame)
    {
        frame = Frame.None;
        AllocationCount++;
        if (used == capacity || AllocationsUntilFailure == 0)
        {
            return false;
        }

        if (AllocationsUntilFailure > 0)
        {
            AllocationsUntilFailure--;
        }

        if (!free.TryPop(out uint number))
        {
            number = (uint)bytes.Count;
            bytes.Add(null);
            owners.Add(0);
        }

        byte[] data = new byte[UserAddress.PageSize];
        if (contents == FrameContents.Undefined)
        {
            data.AsSpan().Fill(0xA5);
        }

        bytes[(int)number] = data;
        owners[(int)number] = 1;
        used++;
        frame = new Frame(number);
        return true;
    }

    public override void AddOwner(Frame frame)
    {
        Check(frame);
        owners[(int)frame.Number]++;
    }

    public override void Release(Frame frame)
    {
        Check(frame);
        if (--owners[(int)frame.Number] == 0)
        {
            bytes[(int)frame.Number] = null;
            free.Push(frame.Number);
            used--;
        }
    }

    public override int OwnerCount(Frame frame)
    {
        Check(frame);
        return owners[(int)frame.Number];
    }

    public override Span<byte> Bytes(Frame frame)
    {
        Check(frame);
        return bytes[(int)frame.Number];
    }

    /// <summary>A page table takes or gives back memory of its own.</summary>
    internal bool TryTakeForTable()
    {
        bool taken = TryAllocate(FrameContents.Zeroed, out Frame frame);
        if (taken)
        {
            tables.Push(frame);
        }

        return taken;
    }

    internal void GiveBackTable() => Release(tables.Pop());

    private readonly Stack<Frame> tables = new();

    private void Check(Frame frame)
    {
        if (frame.Number >= bytes.Count || owners[(int)frame.Number] <= 0)
        {
            throw new InvalidOperationException($"Frame {frame.Number} is not allocated.");
        }
    }
}

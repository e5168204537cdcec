using System;

namespace LiteBox.Platform;

/// <summary>What a fresh frame holds.</summary>
public enum FrameContents
{
    /// <summary>All bytes zero: for everything that a program will see without the kernel writing it first.</summary>
    Zeroed,

    /// <summary>Whatever was there: only for a caller that overwrites all 4096 bytes at once.</summary>
    Undefined,
}

/// <summary>
/// Page-sized data memory: user pages and page cache. Each frame has a count of owners (page-table entries, caches, holders in North);
/// the last <see cref="Release"/> frees it. A frame that is free or that South uses for itself (page tables, stacks, the heap) cannot be
/// reached through this class: South stops the machine at such an attempt.
/// </summary>
public abstract class FrameAllocator
{
    /// <summary>Takes a free frame with one owner, the caller. False when memory has run out.</summary>
    public abstract bool TryAllocate(FrameContents contents, out Frame frame);

    /// <summary>Adds an owner.</summary>
    public abstract void AddOwner(Frame frame);

    /// <summary>Gives up one ownership; the last one frees the frame.</summary>
    public abstract void Release(Frame frame);

    /// <summary>How many owners the frame has. 1 means that the asker, if it is one, is the only one.</summary>
    public abstract int OwnerCount(Frame frame);

    /// <summary>The frame's 4096 bytes. Valid while the caller owns the frame; never kept across a wait.</summary>
    public abstract Span<byte> Bytes(Frame frame);

    /// <summary>A frame of zeros that everybody may map for reading. South owns it, so its owner count is always above 1 for a mapper.</summary>
    public abstract Frame ZeroFrame { get; }

    /// <summary>Frames that can be handed out now.</summary>
    public abstract long FreeCount { get; }

    /// <summary>Free frames that must be accepted from the host before their first use (confidential VMs); <see cref="FreeCount"/> counts them too.</summary>
    public virtual long UnacceptedCount => 0;

    /// <summary>Frames that the machine has in all, in use or not, the kernel's own included.</summary>
    public abstract long TotalCount { get; }

    /// <summary>Frames that were allocated here and have an owner; the frame of zeros is one.</summary>
    public abstract long DataCount { get; }

    /// <summary>Frames that hold page tables of programs.</summary>
    public abstract long PageTableCount { get; }

    /// <summary>Frames that hold kernel stacks of threads.</summary>
    public abstract long KernelStackCount { get; }
}

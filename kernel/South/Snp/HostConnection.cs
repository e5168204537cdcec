using System;
using LiteBox.South.Memory;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>The ways to the host once it shares memory: the GHCB, the pool that its page is the first of, and what knows the state of all pages.</summary>
internal sealed unsafe class HostConnection
{
    private const string NoMemory = "there is no memory for the shared pool";

    private HostConnection(Ghcb ghcb, SharedPool pool, PageValidation validation)
    {
        Ghcb = ghcb;
        Pool = pool;
        Validation = validation;
    }

    /// <summary>Requests through the shared page.</summary>
    public Ghcb Ghcb { get; }

    /// <summary>All shared memory there is.</summary>
    public SharedPool Pool { get; }

    /// <summary>The states of the guest's pages.</summary>
    public PageValidation Validation { get; }

    /// <summary>
    /// Makes the pool. Each page goes the one safe way (T27): its validation is given up, it leaves the direct map and the translation cache, the host is asked
    /// to share it, it is mapped without the C-bit, and it is cleared. The first is asked for through the MSR and becomes the GHCB, which asks for the rest at once.
    /// </summary>
    // SAFETY: the frames are fresh and nobody else's.
    public static HostConnection Open(HostExit host, GhcbMsrProtocol protocol, PageValidation validation)
    {
        uint first = TakeFrames();
        PhysicalAddress start = PhysicalAddress.OfFrame(first);
        ulong pattern = Mark(first);
        Withdraw(first, validation);
        byte* memory = null;
        if (!protocol.TryShare(start) || !TryMap(start, out memory) || !protocol.TryRegister(start))
        {
            HostBreach.Stop(StopReason.HostBrokeProtocol, "the host does not share a page or does not take it for the GHCB", start);
        }

        // SECURITY: what was written with the C-bit must not be readable without it, or the C-bit does nothing and all memory is the host's (T31).
        if (*(ulong*)memory == pattern)
        {
            HostBreach.Stop(StopReason.HostBrokeProtocol, "memory is not encrypted where the page tables say so", start);
        }

        PageContents.Clear(memory);
        SharedPool pool = new(memory, start);
        SharedPages ghcbPage = pool.TryTake(1)!;
        Ghcb ghcb = new(host, ghcbPage.AsGhcb(), start);
        ShareRest(first, ghcb, validation);
        return new HostConnection(ghcb, pool, validation);
    }

    // SAFETY: as above.
    private static void ShareRest(uint first, Ghcb ghcb, PageValidation validation)
    {
        const int Rest = SharedPool.PageCount - 1;
        Span<ulong> entries = stackalloc ulong[Rest];
        for (uint i = 0; i < Rest; i++)
        {
            Withdraw(first + 1 + i, validation);
            entries[(int)i] = PageStateEntry.SharedFrame(first + 1 + i);
        }

        bool success = ghcb.TryChangePageStates(entries);
        for (uint i = 0; success && i < Rest; i++)
        {
            success = TryMap(PhysicalAddress.OfFrame(first + 1 + i), out byte* page);
            if (success)
            {
                PageContents.Clear(page);
            }
        }

        if (!success)
        {
            HostBreach.Stop(StopReason.HostBrokeProtocol, "the host does not share the pages of the pool", PhysicalAddress.OfFrame(first));
        }
    }

    /// <summary>The pool's frames, one after the other: the beginning of a free block, whose rest goes back.</summary>
    private static uint TakeFrames()
    {
        if (!FrameDatabase.TryTakeBlock(FrameKind.Device, out uint first))
        {
            HostBreach.Stop(StopReason.NoMemory, NoMemory, default);
        }

        for (uint i = SharedPool.PageCount; i < PageSize.FramesPerLarge; i++)
        {
            FrameDatabase.Return(first + i, FrameKind.Device);
        }

        return first;
    }

    private static void Withdraw(uint frame, PageValidation validation)
    {
        validation.Rescind(frame);
        if (!KernelPageTable.TryRemoveFromDirectMap(frame))
        {
            HostBreach.Stop(StopReason.NoMemory, NoMemory, PhysicalAddress.OfFrame(frame));
        }
    }

    /// <summary>Maps a page of the pool behind the one before.</summary>
    // SAFETY: the page was rescinded and is in no other mapping.
    private static bool TryMap(PhysicalAddress page, out byte* memory)
    {
        bool success = DeviceMemory.TryMapShared(page, out ulong address);
        memory = PhysicalMemory.MappedBytes(address, page);
        return success;
    }

    /// <summary>Writes a word that the host cannot guess into a private page.</summary>
    // SAFETY: the frame is fresh.
    private static ulong Mark(uint number)
    {
        ulong pattern = PagePattern.Create();
        *(ulong*)FrameDatabase.Bytes(number) = pattern;
        return pattern;
    }
}

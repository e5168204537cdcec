using System;
using System.Collections.Generic;
using System.Linq;
using LiteBox.South.Handover;
using LiteBox.South.Memory;
using LiteBox.South.Snp;
using LiteBox.South.Tests.Simulation;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T27 (the order in which a page becomes shared) and T32 (the closed set of shared pages).</summary>
public sealed unsafe class HostConnectionTests : IDisposable
{
    private const ulong EncryptionMask = 1UL << 51;

    private readonly RmpModel rmp;
    private readonly LyingHost host = new();
    private readonly PageValidation validation;
    private readonly List<uint> shared = [];

    public HostConnectionTests()
    {
        PhysicalMemory.ResetWithFree(4 * 512);
        PageTableEntry.UseEncryptionMask(EncryptionMask);
        SimulatedKernelTable.Build();
        rmp = new RmpModel();
        validation = new PageValidation(rmp, true);
        host.OnMsrExit = OnMsr;
        host.OnPageExit = OnPage;
    }

    public void Dispose() => PageTableEntry.UseEncryptionMask(0);

    [Fact]
    public void T27_EachPageIsGivenUpUnmappedAndFlushedBeforeTheHostIsAsked()
    {
        HostConnection connection = Open();
        Assert.Equal(SharedPool.PageCount, shared.Count);
        uint first = (uint)(connection.Pool.Range.Start >> 12);
        Assert.Equal(Enumerable.Range((int)first, SharedPool.PageCount).Select(n => (uint)n), shared);

        // One request through the MSR, then the rest in one exit.
        string[] expected =
        [
            $"pvalidate {first:x} 4K 0", $"share {first:x}", $"register {first:x}",
            .. Enumerable.Range(1, SharedPool.PageCount - 1).Select(i => $"pvalidate {first + i:x} 4K 0"),
            .. Enumerable.Range(1, SharedPool.PageCount - 1).Select(i => $"share {first + i:x}"),
        ];
        Assert.Equal(expected, rmp.Trace);
        Assert.Equal(1, connection.Ghcb.PageStateExitCount);
    }

    [Fact]
    public void T27_WhatTheHostLeftInThePagesIsCleared()
    {
        HostConnection connection = Open();
        int ghcb = 4096; // scrubbed after each use, but for its version
        ReadOnlySpan<byte> pages = new((byte*)PhysicalMemory.Base + connection.Pool.Range.Start + ghcb, (int)connection.Pool.Range.Length - ghcb);
        Assert.True(pages.IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void T32_TheWalkerFindsThePoolAndNothingElse()
    {
        HostConnection connection = Open();
        PageTableAudit audit = Audit(connection.Pool.Range);
        Assert.Equal(0, audit.Violations);
        Assert.Equal(SharedPool.PageCount, audit.SharedPageCount);

        // The rest of the block is still in the direct map.
        Assert.True(KernelPageTable.IsMapped(AddressSpaceLayout.DirectMap + connection.Pool.Range.Start + connection.Pool.Range.Length));
    }

    [Fact]
    public void T32_ASharedPageOutsideThePoolIsFound()
    {
        HostConnection connection = Open();
        Assert.True(KernelPageTable.TryMap(AddressSpaceLayout.Heap, new PhysicalAddress(0x5000), KernelPageUse.Shared));
        PageTableAudit audit = Audit(connection.Pool.Range);
        Assert.Equal((1L, AddressSpaceLayout.Heap), (audit.Violations, audit.FirstViolation));
    }

    [Fact]
    public void T32_APrivateAliasOfASharedPageIsFound()
    {
        HostConnection connection = Open();
        Assert.True(KernelPageTable.TryMap(AddressSpaceLayout.Heap, new PhysicalAddress(connection.Pool.Range.Start + 0x3000), KernelPageUse.ReadWrite));
        Assert.Equal((1L, AddressSpaceLayout.Heap), (Audit(connection.Pool.Range).Violations, Audit(connection.Pool.Range).FirstViolation));
    }

    [Fact]
    public void T32_ALargeSharedPageAroundThePoolIsFound()
    {
        HostConnection connection = Open();
        *SimulatedKernelTable.BlockEntry(3 * 512) &= ~EncryptionMask;
        PageTableAudit audit = Audit(connection.Pool.Range);
        Assert.Equal(1, audit.Violations);
        Assert.Equal(SharedPool.PageCount + 1, audit.SharedPageCount);
    }

    [Fact]
    public void T32_WithoutAPoolTheDirectMapIsPrivate()
    {
        PageTableAudit audit = Audit(default);
        Assert.Equal((0L, 0L), (audit.Violations, audit.SharedPageCount));
    }

    private static PageTableAudit Audit(PhysicalRange pool)
    {
        PageTableAudit audit = new(0, PhysicalAddress.Limit, 0, 0, 0) { Shared = pool };
        audit.Walk(SimulatedKernelTable.Root);
        return audit;
    }

    private HostConnection Open() => HostConnection.Open(host, new GhcbMsrProtocol(host), validation);

    private ulong OnMsr(ulong request)
    {
        uint frame = (uint)(request >> 12);
        if ((request & 0xFFF) == 0x014)
        {
            Share((uint)((request & 0x000F_FFFF_FFFF_F000) >> 12));
        }
        else
        {
            rmp.Trace.Add($"register {frame:x}");
        }

        return LyingHost.Honest(request);
    }

    private void OnPage()
    {
        GhcbPage* page = (GhcbPage*)(PhysicalMemory.Base + host.GhcbMsr);
        uint last = (uint)page->SharedBuffer >> 16;
        for (uint i = 0; i <= last; i++)
        {
            ulong entry = (&page->SharedBuffer)[i + 1];
            Assert.Equal(2UL, entry >> 52);
            Share((uint)(entry >> 12));
        }

        page->SharedBuffer = (last + 1) | (last << 16);
        page->MarkValid(GhcbPage.ExitInfo2Offset);
        page->ExitInfo1 = 0;
    }

    /// <summary>The host may take the page when it is asked: by then the guest must have let go of it.</summary>
    private void Share(uint frame)
    {
        ulong address = AddressSpaceLayout.DirectMap + ((ulong)frame << 12);
        Assert.False(rmp.IsValidated(frame));
        Assert.False(KernelPageTable.IsMapped(address), "The direct map still has the page.");
        Assert.True(TranslationCache.IsFlushed(address), "The processor may still have the page.");
        rmp.Trace.Add($"share {frame:x}");
        shared.Add(frame);
        rmp.Assign(frame, 1, false);
    }
}

using System;
using System.Threading;

namespace LiteBox.South.Snp;

/// <summary>Page-state changes: a list of pages that the host shall assign to the guest or share, in the GHCB's own buffer (56421, 4.1.6).</summary>
internal sealed unsafe partial class Ghcb
{
    /// <summary>Entries that fit into one request: SNP_PSC entries 0 to 252.</summary>
    public const int PageStateCapacity = 253;

    private const ulong PageStateExit = 0x8000_0010;

    /// <summary>A host may do a part of the list and come back; one that comes back this often does not mean to do it.</summary>
    private const int PageStateAttempts = 64;

    // The header: cur_entry in bits 15:0, end_entry in 31:16, and 32 reserved bits.
    private const int LastEntryShift = 16;

    /// <summary>Exits for page-state changes so far.</summary>
    public long PageStateExitCount { get; private set; }

    /// <summary>
    /// Asks for up to <see cref="PageStateCapacity"/> changes (<see cref="PageStateEntry"/>). True when the host says that all are done; what it says is checked
    /// after each exit (T19), and what it did is found out by validating.
    /// </summary>
    // SAFETY: the list is bounded, so it stays within the page's shared buffer.
    public bool TryChangePageStates(ReadOnlySpan<ulong> entries)
    {
        if (entries.Length is 0 or > PageStateCapacity)
        {
            return false;
        }

        ulong* buffer = &page->SharedBuffer;
        for (int i = 0; i < entries.Length; i++)
        {
            buffer[i + 1] = entries[i];
        }

        uint last = (uint)entries.Length - 1;
        uint next = 0;
        bool success = true;
        for (int attempt = 0; success && next <= last && attempt < PageStateAttempts; attempt++)
        {
            success = TryPageStateExit(ref next, last);
        }

        new Span<ulong>(buffer, entries.Length + 1).Clear();
        page->Scrub();
        return success && next > last;
    }

    /// <summary>One exit. False where the answer breaks a rule: the next entry never goes back, the last one stays, and nothing else is said.</summary>
    private bool TryPageStateExit(ref uint next, uint last)
    {
        page->SharedBuffer = next | (last << LastEntryShift);
        MarkScratch();
        PageStateExitCount++;
        bool success = TryExit(PageStateExit, 0, 0);
        success = TryTake(success, GhcbPage.ExitInfo2Offset, ref page->ExitInfo2, out ulong error) && error == 0;
        ulong header = Volatile.Read(ref page->SharedBuffer);
        uint reached = (ushort)header;
        success = success && header >> LastEntryShift == last && reached >= next && reached <= last + 1;
        next = reached;
        return success;
    }
}

using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Host;

/// <summary>Operations of a page-state change (56421, table 12).</summary>
internal enum PageStateOperation
{
    Private = 1,
    Shared = 2,
    Smash = 3,
    Unsmash = 4,
}

/// <summary>Why a page did not change; the MSR protocol reports any but <see cref="None"/> as an error.</summary>
internal enum PageStateError : uint
{
    None = 0,
    InvalidHeader = 1,
    InvalidEntry = 2,
}

/// <summary>Page-state changes: the host's RMPUPDATE, for one page and for the list of a GHCB event (56421, section 4.1.6).</summary>
internal static unsafe class PageStateChange
{
    /// <summary>Entries that fit behind the header in the GHCB's shared buffer.</summary>
    public const int MaximumEntries = 253;

    private const ulong InvalidHeaderResult = 1UL << 32 | 1;
    private const ulong InvalidEntryResult = 1UL << 32 | 2;
    private const ulong HeaderSize = 8;

    /// <summary>Entries handled in one event, after which the guest has to ask again; 0: no limit.</summary>
    public static uint Limit { get; set; }

    /// <summary>Changes one page of 4 KiB or 2 MiB.</summary>
    public static PageStateError Change(ulong address, PageStateOperation operation, bool isLarge)
    {
        ulong size = isLarge ? PhysicalLayout.LargePageSize : PhysicalLayout.PageSize;
        if (operation is < PageStateOperation.Private or > PageStateOperation.Unsmash)
        {
            Refusal.Answer(Rule.PageStateOperation, address);
            return PageStateError.InvalidEntry;
        }
        if (address % size != 0)
        {
            Refusal.Answer(Rule.PageStateNotAligned, address);
            return PageStateError.InvalidEntry;
        }
        if (operation is PageStateOperation.Smash or PageStateOperation.Unsmash)
        {
            // Hints about the size of entries, which the host may ignore (56421, table 12).
            return PageStateError.None;
        }
        for (ulong page = address; page < address + size; page += PhysicalLayout.PageSize)
        {
            PageStateError error = Check(page, operation);
            if (error != PageStateError.None)
            {
                return error;
            }
        }
        bool assigned = operation == PageStateOperation.Private;
        if (!isLarge)
        {
            // One page of a 2 MiB entry changes: the entry falls into 4 KiB entries first.
            RmpEntry* entry = Rmp.Find(address);
            if (entry->IsLarge)
            {
                Rmp.Smash(address);
            }
        }
        for (ulong page = address; page < address + size; page += PhysicalLayout.PageSize)
        {
            GuestMemory.Update(page, assigned, assigned && isLarge);
        }
        ulong pages = size / PhysicalLayout.PageSize;
        Counters.PagesToPrivate += assigned ? pages : 0;
        Counters.PagesToShared += assigned ? 0 : pages;
        return PageStateError.None;
    }

    /// <summary>The list in the shared buffer. The result is SW_EXITINFO2.</summary>
    public static ulong ChangeList(byte* buffer, ulong capacity)
    {
        ushort* header = (ushort*)buffer;
        uint current = header[0];
        uint end = header[1];
        ulong entries = (capacity - HeaderSize) / 8;
        // The reserved half of the header is not looked at, as in KVM: OVMF (2025.02) leaves there what its buffer held before.
        if (current >= entries || end >= entries || end >= MaximumEntries)
        {
            Refusal.Answer(Rule.PageStateHeader, *(uint*)buffer);
            return InvalidHeaderResult;
        }
        uint done = 0;
        for (; current <= end; current++)
        {
            if (Limit != 0 && done == Limit)
            {
                break;
            }
            ulong entry = *(ulong*)(buffer + HeaderSize + 8 * current);
            PageStateError error = ChangeEntry(entry);
            if (error != PageStateError.None)
            {
                header[0] = (ushort)current;
                return InvalidEntryResult;
            }
            // Bits 11:0 count the 4 KiB pages of the entry that are done.
            *(ulong*)(buffer + HeaderSize + 8 * current) = entry | ((entry >> 56 & 1) != 0 ? 512UL : 1UL);
            done++;
        }
        header[0] = (ushort)current;
        return 0;
    }

    private static PageStateError ChangeEntry(ulong entry)
    {
        ulong address = entry & 0x000F_FFFF_FFFF_F000;
        if (entry >> 57 != 0)
        {
            Refusal.Answer(Rule.PageStateReservedBits, address);
            return PageStateError.InvalidEntry;
        }
        return Change(address, (PageStateOperation)((entry >> 52) & 15), (entry >> 56 & 1) != 0);
    }

    private static PageStateError Check(ulong page, PageStateOperation operation)
    {
        RmpEntry* entry = Rmp.Find(page);
        if (entry == null)
        {
            Refusal.Answer(Rule.PageStateNotMemory, page);
            return PageStateError.InvalidEntry;
        }
        if (Rmp.IsFirmware(page))
        {
            Refusal.Answer(Rule.PageStateOfFirmware, page);
            return PageStateError.InvalidEntry;
        }
        if (entry->IsValidated)
        {
            Refusal.Answer(operation == PageStateOperation.Private ? Rule.PageStateUnchanged : Rule.PageStateStillValidated, page);
            return PageStateError.InvalidEntry;
        }
        return PageStateError.None;
    }
}

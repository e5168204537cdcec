using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>
/// Walks all page tables below a root and counts what the rules forbid (hardening rule T65): a page both writable and executable, a
/// kernel page that programs reach, executable memory outside the kernel's code, kernel code or constants that can be written under another address; and in an
/// SNP guest a page that the host can read and that is not of the pool made for that, or a private alias of one that is (T32).
/// </summary>
internal unsafe struct PageTableAudit
{
    private readonly ulong codeStart;
    private readonly ulong codeEnd;
    private readonly ulong constantsEnd;

    /// <summary>The kernel's code and constants, as virtual addresses in the image, and where the image begins in physical memory.</summary>
    public PageTableAudit(ulong imageStart, ulong imagePhysical, ulong codeStart, ulong codeEnd, ulong constantsEnd)
    {
        this.codeStart = codeStart;
        this.codeEnd = codeEnd;
        this.constantsEnd = constantsEnd;
        readOnlyStart = imagePhysical + (codeStart - imageStart);
        readOnlyEnd = imagePhysical + (constantsEnd - imageStart);
        Violations = 0;
        FirstViolation = 0;
        PageCount = 0;
        TableCount = 0;
        Shared = default;
        SharedPageCount = 0;
    }

    private readonly ulong readOnlyStart;
    private readonly ulong readOnlyEnd;

    /// <summary>What may be mapped without the C-bit, and only so; nothing on a plain machine, which has no C-bit.</summary>
    public PhysicalRange Shared { get; init; }

    /// <summary>Pages mapped without the C-bit in an SNP guest.</summary>
    public long SharedPageCount { get; private set; }

    /// <summary>Pages that break a rule.</summary>
    public long Violations { get; private set; }

    /// <summary>Address of the first of them.</summary>
    public ulong FirstViolation { get; private set; }

    /// <summary>Pages mapped, large ones counted once.</summary>
    public long PageCount { get; private set; }

    /// <summary>Tables walked.</summary>
    public long TableCount { get; private set; }

    /// <summary>Walks everything below a top-level table.</summary>
    public void Walk(ulong root) => Walk(root, 39, 0, ~0UL);

    /// <param name="table">Physical address.</param>
    /// <param name="shift">Log2 of what one entry covers.</param>
    /// <param name="start">First address that the table covers.</param>
    /// <param name="rights">What the entries above allow, as the bits of an entry.</param>
    // SAFETY: tables are read through the direct map; four levels bound the recursion.
    private void Walk(ulong table, int shift, ulong start, ulong rights)
    {
        TableCount++;
        ulong* entries = (ulong*)(PhysicalMemory.Base + table);
        for (ulong i = 0; i < 512; i++)
        {
            ulong entry = entries[i];
            if ((entry & PageTableEntry.Present) == 0)
            {
                continue;
            }

            ulong address = start + (i << shift);
            address = shift == 39 && i >= 256 ? address | 0xFFFF_0000_0000_0000 : address;
            ulong allowed = Restrict(rights, entry);
            if (shift == PageSize.Shift || (entry & PageTableEntry.Large) != 0)
            {
                i += CheckLeaves(entries + i, 512 - i, shift, address, allowed) - 1;
            }
            else
            {
                Walk(PageTableEntry.AddressOf(entry).Value, shift - 9, address, allowed);
            }
        }
    }

    /// <summary>
    /// Checks a page, or a whole run of them that map one stretch of memory alike, as the direct map's do: most memory costs a few instructions. Says how many.
    /// </summary>
    // SAFETY: there are so many entries.
    private ulong CheckLeaves(ulong* entries, ulong count, int shift, ulong address, ulong rights)
    {
        ulong entry = entries[0];
        ulong size = 1UL << shift;
        ulong physical = entry & PageTableEntry.AddressMask & ~(size - 1);
        ulong run = 1;
        while (run < count && entries[run] == entry + (run << shift))
        {
            run++;
        }

        if (address < AddressSpaceLayout.DirectMap || !IsPlainData(physical, run << shift, entry, rights))
        {
            run = 1;
            Check(address, size, physical, rights);
            CheckSharing(address, size, physical, entry);
        }

        PageCount += (long)run;
        return run;
    }

    /// <summary>Writable and User must be allowed by all levels; NoExecute forbids at any (APM volume 2, 5.6).</summary>
    private static ulong Restrict(ulong rights, ulong entry) => rights == ~0UL
        ? entry
        : (rights & entry & (PageTableEntry.Writable | PageTableEntry.User)) | ((rights | entry) & PageTableEntry.NoExecute);

    /// <summary>Most pages by far: private and the kernel's, never executable, and neither its code nor the pool. No rule is broken by one.</summary>
    private readonly bool IsPlainData(ulong physical, ulong size, ulong entry, ulong rights) =>
        (rights & (PageTableEntry.NoExecute | PageTableEntry.User)) == PageTableEntry.NoExecute
        && (entry & PageTableEntry.EncryptionMask) == PageTableEntry.EncryptionMask
        && (physical >= readOnlyEnd || physical + size <= readOnlyStart)
        && (physical >= Shared.Start + Shared.Length || physical + size <= Shared.Start);

    private void Check(ulong address, ulong size, ulong physical, ulong rights)
    {
        bool writable = (rights & PageTableEntry.Writable) != 0;
        bool executable = (rights & PageTableEntry.NoExecute) == 0;
        bool isKernels = address >= AddressSpaceLayout.DirectMap;
        bool isReadOnly = physical < readOnlyEnd && physical + size > readOnlyStart;
        bool violation = (writable && executable)
            || (isKernels && (rights & PageTableEntry.User) != 0)
            || (isKernels && executable && (address < codeStart || address >= codeEnd))
            || (writable && isReadOnly);
        if (violation)
        {
            Report(address);
        }
    }

    /// <summary>The pool's pages and no others are mapped without the C-bit, and never with it.</summary>
    private void CheckSharing(ulong address, ulong size, ulong physical, ulong entry)
    {
        if (PageTableEntry.EncryptionMask == 0)
        {
            return;
        }

        bool isShared = (entry & PageTableEntry.EncryptionMask) == 0;
        bool isWithin = physical >= Shared.Start && physical + size <= Shared.Start + Shared.Length;
        bool touches = physical < Shared.Start + Shared.Length && physical + size > Shared.Start;
        SharedPageCount += isShared ? 1 : 0;
        if (isShared ? !isWithin : touches)
        {
            Report(address);
        }
    }

    private void Report(ulong address)
    {
        FirstViolation = Violations == 0 ? address : FirstViolation;
        Violations++;
    }
}

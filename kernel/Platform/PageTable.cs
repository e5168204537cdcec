using System;

namespace LiteBox.Platform;

/// <summary>What a program may do with a page. Bits; <see cref="None"/> keeps the frame and allows nothing (PROT_NONE).</summary>
[Flags]
public enum PageProtection : byte
{
    /// <summary>No access.</summary>
    None = 0,

    /// <summary>Load.</summary>
    Read = 1,

    /// <summary>Store; the processor has no store without load.</summary>
    Write = 2,

    /// <summary>Fetch instructions.</summary>
    Execute = 4,
}

/// <summary>What a faulting access wanted.</summary>
public enum PageAccess : byte
{
    /// <summary>Load.</summary>
    Read,

    /// <summary>Store.</summary>
    Write,

    /// <summary>Instruction fetch.</summary>
    Execute,
}

/// <summary>How pages may be written when their protection has <see cref="PageProtection.Write"/>.</summary>
public enum PageSharing : byte
{
    /// <summary>
    /// Copy-on-write: an entry becomes writable only while its frame has one owner; otherwise the first store faults and North copies.
    /// </summary>
    Private,

    /// <summary>Stores go to the frame whoever else owns it.</summary>
    Shared,
}

/// <summary>
/// The user half of one address space as the processor sees it: page number to frame and protection. It owns one count of each frame
/// it maps. Which addresses are *allowed* is North's business (its virtual memory areas); a page that is not here faults into North.
/// All ranges are page-aligned and below <see cref="UserAddress.Limit"/>; anything else stops the machine.
/// Translations that a change made stale are flushed before the call returns.
/// </summary>
public abstract class PageTable
{
    /// <summary>
    /// Maps one page, in the place of what was there (whose frame is released). Adds an owner to <paramref name="frame"/>.
    /// False when there is no memory for the table itself; then nothing changed.
    /// </summary>
    public abstract bool TryMap(UserAddress page, Frame frame, PageProtection protection);

    /// <summary>
    /// Like <see cref="TryMap"/>, but the caller's own ownership of the frame passes to the table: the fault path's shortest way.
    /// When false the caller still owns it.
    /// </summary>
    public abstract bool TryMapOwned(UserAddress page, Frame frame, PageProtection protection);

    /// <summary>The frame behind a page and what the entry allows now. False where nothing is mapped. Adds no owner.</summary>
    public abstract bool TryLookup(UserAddress page, out Frame frame, out PageProtection protection);

    /// <summary>Removes all mappings in the range and releases their frames.</summary>
    public abstract void Unmap(UserAddress start, ulong pageCount);

    /// <summary>Changes the protection of what is mapped in the range; pages not mapped stay so.</summary>
    public abstract void Protect(UserAddress start, ulong pageCount, PageProtection protection, PageSharing sharing);

    /// <summary>
    /// fork: maps into this table what <paramref name="source"/> maps in the range, each frame with one more owner. With
    /// <see cref="PageSharing.Private"/> both tables lose write permission there, so that the next store on either side copies.
    /// False when there is no memory for tables; what was copied until then stays for the caller to drop.
    /// </summary>
    public abstract bool TryCopyFrom(PageTable source, UserAddress start, ulong pageCount, PageSharing sharing);

    /// <summary>mremap: moves what is mapped in the range to another, disjoint one where nothing is mapped. False when there is no memory for tables; then nothing changed.</summary>
    public abstract bool TryMove(UserAddress from, UserAddress to, ulong pageCount);

    /// <summary>Pages mapped in the range.</summary>
    public abstract long CountMapped(UserAddress start, ulong pageCount);

    /// <summary>Frees the table with all it maps. The table must not be in use by any thread, and is not used again.</summary>
    public abstract void Free();
}

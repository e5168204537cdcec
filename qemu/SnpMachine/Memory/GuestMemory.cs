using System.Runtime.CompilerServices;

namespace LiteBox.SnpMachine.Memory;

/// <summary>
/// The two homes of every guest page, kept in step with the reverse map: shared contents are where QEMU's devices see them, private
/// contents are in hidden memory. State changes go through here, so that no view keeps an old mapping.
/// </summary>
internal static unsafe class GuestMemory
{
    private static ulong s_sharedHomes;
    private static ulong s_privateHomes;
    private static ulong s_firmwareHome;
    private static ulong s_firmwareSize;

    /// <summary>Bytes of guest memory.</summary>
    public static ulong Size { get; private set; }

    public static void Initialise(ulong size, ulong sharedHomes, ulong privateHomes, ulong firmwareHome, ulong firmwareSize)
    {
        Size = size;
        s_sharedHomes = sharedHomes;
        s_privateHomes = privateHomes;
        s_firmwareHome = firmwareHome;
        s_firmwareSize = firmwareSize;
    }

    /// <summary>Where the private contents of a page of memory or firmware are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong PrivateHome(ulong address) =>
        Rmp.IsFirmware(address) ? s_firmwareHome + (address - (PhysicalLayout.FourGiB - s_firmwareSize)) : s_privateHomes + Rmp.WithoutGap(address);

    /// <summary>Where the shared contents of a page of memory are.</summary>
    public static ulong SharedHome(ulong address) => s_sharedHomes + address;

    /// <summary>
    /// Memory that the host may read and write: null unless the whole range is shared memory.
    /// </summary>
    public static byte* Shared(ulong address, ulong length)
    {
        if (length == 0 || length > Size || address > ulong.MaxValue - length)
        {
            return null;
        }
        for (ulong page = address & ~(PhysicalLayout.PageSize - 1); page < address + length; page += PhysicalLayout.PageSize)
        {
            RmpEntry* entry = Rmp.Find(page);
            if (entry == null || !entry->IsShared)
            {
                return null;
            }
        }
        return (byte*)SharedHome(address);
    }

    /// <summary>Memory of the guest's own: null unless the page is validated. The range must not leave its page.</summary>
    public static byte* Private(ulong address)
    {
        RmpEntry* entry = Rmp.Find(address);
        if (entry == null || !entry->IsValidated)
        {
            return null;
        }
        Settle(entry, address);
        return (byte*)PrivateHome(address);
    }

    /// <summary>Makes a page assigned or shared, as RMPUPDATE does. False where there is no memory.</summary>
    public static bool Update(ulong address, bool assigned, bool large)
    {
        RmpEntry* entry = Rmp.Find(address);
        if (entry == null || Rmp.IsFirmware(address))
        {
            return false;
        }
        bool wasShared = entry->IsShared;
        NestedPaging.Unmap(address);
        Rmp.Update(address, assigned, large);
        if (!assigned && !wasShared)
        {
            // At once, not at the first access: a device may write there before the guest does.
            Page.Fill((byte*)SharedHome(address), Page.Poison);
        }
        return true;
    }

    /// <summary>Replaces what is left from before the page became private, once, when the page is first used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Settle(RmpEntry* entry, ulong address)
    {
        if ((entry->Flags & RmpFlags.Stale) != 0)
        {
            Overwrite(entry, address);
        }
    }

    private static void Overwrite(RmpEntry* entry, ulong address)
    {
        entry->Flags &= ~RmpFlags.Stale;
        Page.Fill((byte*)PrivateHome(address & ~(PhysicalLayout.PageSize - 1)), Page.Poison);
    }
}

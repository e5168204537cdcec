using System.Runtime.CompilerServices;

namespace LiteBox.SnpMachine.Memory;

/// <summary>Answers of PVALIDATE, RMPADJUST and RMPQUERY in EAX (APM volume 3).</summary>
internal enum RmpResult : uint
{
    Success = 0,
    FailInput = 1,
    FailPermission = 2,
    FailInUse = 3,
    FailSizeMismatch = 6,
}

/// <summary>
/// The reverse map: one entry for every page of guest memory and of the firmware window that ends at 4 GiB. It is a model without
/// effects on page tables; <see cref="GuestMemory"/> keeps those in step.
/// </summary>
internal static unsafe class Rmp
{
    private const ulong VideoStart = 0xA0000;
    private const ulong VideoEnd = 0xC0000;

    // QEMU's q35: a guest with so much memory has only that much below 4 GiB, and the rest from there on (hw/i386/pc_q35.c).
    private const ulong SplitFrom = 0xB000_0000;
    private const ulong SplitAt = 0x8000_0000;

    private static RmpEntry* s_entries;
    private static ulong s_low;
    private static ulong s_high;
    private static ulong s_firmwareStart;

    /// <summary>Pages that the map has entries for.</summary>
    public static ulong PageCount(ulong memory, ulong firmware) => (memory + firmware) / PhysicalLayout.PageSize;

    /// <summary>Starts with everything shared, in <paramref name="entries"/>, zeroed memory for <see cref="PageCount"/> entries.</summary>
    public static void Initialise(RmpEntry* entries, ulong memory, ulong firmware)
    {
        s_entries = entries;
        s_low = memory < SplitFrom ? memory : SplitAt;
        s_high = memory - s_low;
        s_firmwareStart = PhysicalLayout.FourGiB - firmware;
    }

    /// <summary>Whether the address is memory, and not the video window below 1 MiB or device space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMemory(ulong address) =>
        (address < s_low && !(address >= VideoStart && address < VideoEnd)) || (address >= PhysicalLayout.FourGiB && address - PhysicalLayout.FourGiB < s_high);

    /// <summary>Bytes of memory below 4 GiB.</summary>
    public static ulong LowMemory => s_low;

    /// <summary>Where an address of memory stands when the gap below 4 GiB is taken out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong WithoutGap(ulong address) => address < PhysicalLayout.FourGiB ? address : s_low + (address - PhysicalLayout.FourGiB);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFirmware(ulong address) => address >= s_firmwareStart && address < PhysicalLayout.FourGiB;

    /// <summary>The entry of a guest address; null where there is no memory.</summary>
    // SAFETY: the index is below PageCount by the two range checks.
    public static RmpEntry* Find(ulong address)
    {
        if (IsMemory(address))
        {
            return s_entries + WithoutGap(address) / PhysicalLayout.PageSize;
        }
        if (IsFirmware(address))
        {
            return s_entries + (s_low + s_high + (address - s_firmwareStart)) / PhysicalLayout.PageSize;
        }
        return null;
    }

    /// <summary>RMPUPDATE by the host: assigned or shared, never validated. False where there is no memory.</summary>
    public static bool Update(ulong address, bool assigned, bool large)
    {
        RmpEntry* entry = Find(address);
        if (entry == null)
        {
            return false;
        }
        entry->Reset(assigned ? RmpFlags.Assigned | RmpFlags.Stale | (large ? RmpFlags.Large : 0) : RmpFlags.None);
        return true;
    }

    /// <summary>A page that the launch places: assigned, validated, its contents kept, with <paramref name="granted"/> for the levels below VMPL0.</summary>
    public static bool Launch(ulong address, VmplPermissions granted)
    {
        RmpEntry* entry = Find(address);
        if (entry == null || !entry->IsShared)
        {
            return false;
        }
        entry->Reset(RmpFlags.Assigned | RmpFlags.Validated);
        for (int vmpl = 1; vmpl <= 3; vmpl++)
        {
            entry->SetPermissions(vmpl, granted);
        }
        return true;
    }

    /// <summary>
    /// PVALIDATE on pages that the caller has found to be assigned, all of them.
    /// <paramref name="changed"/> is false when every page was in the wanted state before (CF = 1).
    /// </summary>
    public static RmpResult Validate(ulong address, bool large, bool validate, out bool changed)
    {
        changed = false;
        RmpEntry* entry = Find(address);
        if (large && (address % PhysicalLayout.LargePageSize != 0 || !entry->IsLarge))
        {
            return RmpResult.FailSizeMismatch;
        }
        if (!large && entry->IsLarge)
        {
            Smash(address);
        }
        ulong pages = large ? PhysicalLayout.LargePageSize / PhysicalLayout.PageSize : 1;
        for (ulong i = 0; i < pages; i++, entry++)
        {
            if (entry->IsValidated == validate)
            {
                continue;
            }
            changed = true;
            entry->Reset(entry->Flags ^ RmpFlags.Validated);
        }
        return RmpResult.Success;
    }

    /// <summary>RMPADJUST from <paramref name="vmpl"/> on one page that is assigned and validated (APM volume 3, RMPADJUST).</summary>
    public static RmpResult Adjust(ulong address, int vmpl, int targetVmpl, VmplPermissions permissions, bool vmsa)
    {
        RmpEntry* entry = Find(address);
        if (targetVmpl <= vmpl || targetVmpl > 3)
        {
            return RmpResult.FailPermission;
        }
        // A level cannot give away what it has not got, and only VMPL0 makes VMSAs.
        if ((permissions & ~entry->Permissions(vmpl)) != 0 || (vmsa != entry->IsVmsa && vmpl != 0))
        {
            return RmpResult.FailPermission;
        }
        if (entry->IsLarge)
        {
            Smash(address);
        }
        entry->SetPermissions(targetVmpl, permissions);
        entry->Flags = vmsa ? entry->Flags | RmpFlags.Vmsa : entry->Flags & ~RmpFlags.Vmsa;
        return RmpResult.Success;
    }

    /// <summary>PSMASH: a 2 MiB entry becomes 512 entries of 4 KiB.</summary>
    public static void Smash(ulong address)
    {
        ulong start = address & ~(PhysicalLayout.LargePageSize - 1);
        for (ulong page = start; page < start + PhysicalLayout.LargePageSize; page += PhysicalLayout.PageSize)
        {
            RmpEntry* entry = Find(page);
            if (entry != null)
            {
                entry->Flags &= ~RmpFlags.Large;
            }
        }
    }
}

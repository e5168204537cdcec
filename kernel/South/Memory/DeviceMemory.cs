using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>Registers of devices, mapped uncached and for good.</summary>
internal static class DeviceMemory
{
    private static ulong next = AddressSpaceLayout.Devices;

    /// <summary>Maps the registers and says where. False where the range is RAM or no address of the bus, or when memory has run out.</summary>
    // SAFETY: what is mapped is not RAM, so nothing of the kernel's can be reached this way.
    public static bool TryMap(PhysicalAddress start, ulong length, out ulong address)
    {
        ulong offset = start.Value & PageSize.Mask;
        ulong pages = PageSize.PagesFor(offset + length);
        address = next + offset;
        if (length == 0 || length > 1UL << 32 || start.Value > (1UL << 52) - length
            || (pages << PageSize.Shift) > AddressSpaceLayout.Devices + AddressSpaceLayout.DevicesSize - next
            || MemoryIntake.HasRam(start.Value >> PageSize.Shift, (start.Value >> PageSize.Shift) + pages))
        {
            return false;
        }

        for (ulong page = 0; page < pages; page++)
        {
            PhysicalAddress frame = new((start.Value & ~PageSize.Mask) + (page << PageSize.Shift));
            if (!KernelPageTable.TryMap(next, frame, KernelPageUse.Device))
            {
                return false;
            }

            next += PageSize.Bytes;
        }

        return true;
    }

    /// <summary>Maps a page that the host can read and write, without the C-bit. False when memory has run out.</summary>
    // SAFETY: the page is the caller's, and nothing private is ever put into it.
    public static bool TryMapShared(PhysicalAddress page, out ulong address)
    {
        address = next;
        if (!KernelPageTable.TryMap(next, page, KernelPageUse.Shared))
        {
            return false;
        }

        next += PageSize.Bytes;
        return true;
    }
}

using System.Runtime.CompilerServices;
using LiteBox.South.Memory;

namespace LiteBox.South.Hardware;

/// <summary>The few pages of device registers that the kernel has mapped: which physical page stands where.</summary>
internal static class DeviceWindows
{
    /// <summary>Local APIC, I/O APIC, and room for what later machines have.</summary>
    private const int Capacity = 8;

    private static Windows windows;
    private static int count;

    /// <summary>Maps the page of registers at a physical address, once. False when there is no memory or the page is RAM.</summary>
    internal static bool TryOpen(PhysicalAddress address)
    {
        PhysicalAddress page = new(address.Value & ~PageSize.Mask);
        if (TryFind(page, out _))
        {
            return true;
        }

        if (count == Capacity || !DeviceMemory.TryMap(page, PageSize.Bytes, out ulong mapped))
        {
            return false;
        }

        windows[count] = new Window { Physical = page, Virtual = mapped };
        count++;
        return true;
    }

    /// <summary>Where a register is mapped. Its page has been opened.</summary>
    internal static ulong AddressOf(ulong physicalAddress)
    {
        if (!TryFind(new PhysicalAddress(physicalAddress & ~PageSize.Mask), out ulong mapped))
        {
            Invariant.Broken("A device register was used whose page is not open.");
        }

        return mapped + (physicalAddress & PageSize.Mask);
    }

    private static bool TryFind(PhysicalAddress page, out ulong mapped)
    {
        for (int index = 0; index < count; index++)
        {
            if (windows[index].Physical == page)
            {
                mapped = windows[index].Virtual;
                return true;
            }
        }

        mapped = 0;
        return false;
    }

    private struct Window
    {
        internal PhysicalAddress Physical;
        internal ulong Virtual;
    }

    [InlineArray(Capacity)]
    private struct Windows
    {
        private Window first;
    }
}

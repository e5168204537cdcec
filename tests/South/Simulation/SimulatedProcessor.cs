using LiteBox.South.Memory;

namespace LiteBox.South.Tests.Simulation;

/// <summary>Translates as a processor does (APM volume 2, 5.3 to 5.6), from the tables in memory and from nothing else: the page-table model's judge.</summary>
internal static unsafe class SimulatedProcessor
{
    /// <summary>What user mode may do at an address. False where a load would fault.</summary>
    public static bool TryTranslate(ulong root, ulong address, out ulong physical, out bool canWrite, out bool canExecute)
    {
        ulong table = root;
        physical = 0;
        canWrite = true;
        canExecute = true;
        for (int shift = 39; shift >= 12; shift -= 9)
        {
            ulong entry = *(ulong*)(PhysicalMemory.Base + table + (((address >> shift) & 511) * 8));
            if ((entry & 1) == 0 || (entry & 4) == 0)
            {
                return false;
            }

            canWrite &= (entry & 2) != 0;
            canExecute &= entry >> 63 == 0;
            table = entry & 0x000F_FFFF_FFFF_F000;
        }

        physical = table + (address & 4095);
        return true;
    }
}

using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Guest;

/// <summary>All virtual CPUs, by number. Number 0 is the one that starts.</summary>
internal static unsafe class CpuTable
{
    private static VirtualCpu* s_cpus;

    public static uint Count { get; private set; }

    public static void Initialise(uint count)
    {
        ulong pages = (count * (ulong)sizeof(VirtualCpu) + PhysicalLayout.PageSize - 1) / PhysicalLayout.PageSize;
        s_cpus = (VirtualCpu*)PageAllocator.Allocate(pages);
        Count = count;
        for (uint i = 0; i < count; i++)
        {
            s_cpus[i].Initialise(i);
        }
    }

    public static VirtualCpu* Cpu(uint index) => s_cpus + index;

    /// <summary>The CPU with an APIC id; null when there is none.</summary>
    public static VirtualCpu* Find(uint apicId)
    {
        for (uint i = 0; i < Count; i++)
        {
            if (s_cpus[i].ApicId == apicId)
            {
                return s_cpus + i;
            }
        }
        return null;
    }
}

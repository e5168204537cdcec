using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Host;

/// <summary>Memory-mapped I/O: QEMU's own devices answer; the interrupt controller's start-up commands are the machine's (56421, 4.1.5).</summary>
internal static unsafe class MmioAccess
{
    public static EventAnswer Handle(VirtualCpu* cpu, ref GhcbRequest request, bool isWrite)
    {
        ulong address = request.Info1;
        ulong size = request.Info2;
        if (!request.Has(scratch: true))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        if (size is not (1 or 2 or 4 or 8))
        {
            Refusal.Answer(Rule.MmioSizeInvalid, address);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        ulong last = address + size - 1;
        if (last < address || Rmp.IsMemory(address) || Rmp.IsMemory(last))
        {
            Refusal.Answer(Rule.MmioToMemory, address);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        byte* buffer = request.ScratchArea(size);
        if (buffer == null)
        {
            return EventAnswer.Malformed(GhcbError.InvalidScratchArea);
        }
        if (Rmp.IsFirmware(address) && Rmp.IsFirmware(last))
        {
            // QEMU's ROM: writes go nowhere.
            if (!isWrite)
            {
                Store(buffer, size, Load((byte*)GuestMemory.PrivateHome(address), size));
            }
            return EventAnswer.Result(0);
        }
        if (IsBehindTheGuest(address) || IsBehindTheGuest(last) || PciConfiguration.IsHidden(address))
        {
            if (!isWrite)
            {
                Store(buffer, size, ulong.MaxValue);
            }
            return EventAnswer.Result(0);
        }
        // SAFETY: the address is device space below the guest's width, which the machine's tables map; size bytes of buffer are shared memory.
        if (!isWrite)
        {
            Store(buffer, size, Load((byte*)address, size));
        }
        else if (!LocalApic.TryHandle(cpu, address, size, Load(buffer, size)))
        {
            Store((byte*)address, size, Load(buffer, size));
            DiskBarrier.Wait();
        }
        return EventAnswer.Result(0);
    }

    // Where the machine hides, and what lies above the machine's own page tables, nobody answers.
    private static bool IsBehindTheGuest(ulong address) =>
        (address >= PhysicalLayout.MachineBase && address < PhysicalLayout.PrivateHomes + GuestMemory.Size) || address >> 47 != 0;

    private static ulong Load(byte* memory, ulong size) => size switch
    {
        1 => *memory,
        2 => *(ushort*)memory,
        4 => *(uint*)memory,
        _ => *(ulong*)memory,
    };

    private static void Store(byte* memory, ulong size, ulong value)
    {
        switch (size)
        {
            case 1:
                *memory = (byte)value;
                break;
            case 2:
                *(ushort*)memory = (ushort)value;
                break;
            case 4:
                *(uint*)memory = (uint)value;
                break;
            default:
                *(ulong*)memory = value;
                break;
        }
    }
}

using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;
using LiteBox.SnpMachine.SecurityProcessor;

namespace LiteBox.SnpMachine.Host;

/// <summary>
/// What the guest reads from the firmware configuration device. QEMU does not know that it runs an SNP guest, so it writes its boot
/// parameters into the kernel's setup header; the guest gets the header as the file has it, or its hash would not be that of the file.
/// DMA must be to and from shared memory: anything else would go to the wrong home of the page, and nobody would see it.
/// </summary>
internal static unsafe class FwCfgFilter
{
    private const ulong CommandSize = 16;

    private static uint s_item;
    private static ulong s_offset;
    private static uint s_addressHigh;

    /// <summary>Follows a write to one of the device's ports before it is forwarded.</summary>
    public static void Write(ushort port, int size, uint value)
    {
        switch (port)
        {
            case FwCfg.SelectorPort when size == 2:
                Select(value);
                Processor.Out16(port, (ushort)value);
                break;
            case FwCfg.DmaHighPort when size == 4:
                s_addressHigh = FwCfg.SwapBytes(value);
                Processor.Out32(port, value);
                break;
            case FwCfg.DmaLowPort when size == 4:
                Transfer((ulong)s_addressHigh << 32 | FwCfg.SwapBytes(value), value);
                s_addressHigh = 0;
                break;
        }
    }

    /// <summary>One byte from the data port.</summary>
    public static byte ReadData()
    {
        byte value = Processor.In8(FwCfg.DataPort);
        MachineConfiguration* machine = Launch.Configuration;
        if (s_item == FwCfg.SetupData && s_offset < machine->SetupHeaderSize)
        {
            value = machine->SetupHeader[s_offset];
        }
        s_offset++;
        return value;
    }

    private static void Select(uint item)
    {
        s_item = item;
        s_offset = 0;
    }

    // The command: control, length, address, big-endian (QEMU, docs/specs/fw_cfg).
    private static void Transfer(ulong commandAddress, uint written)
    {
        uint* command = (uint*)GuestMemory.Shared(commandAddress, CommandSize);
        if (command == null)
        {
            Refusal.Fatal(Rule.DmaToPrivatePage, commandAddress);
        }
        uint control = FwCfg.SwapBytes(command[0]);
        uint length = FwCfg.SwapBytes(command[1]);
        ulong target = (ulong)FwCfg.SwapBytes(command[2]) << 32 | FwCfg.SwapBytes(command[3]);
        bool moves = (control & (FwCfg.DmaRead | FwCfg.DmaWrite)) != 0 && length != 0;
        if (moves && GuestMemory.Shared(target, length) == null)
        {
            Refusal.Fatal(Rule.DmaToPrivatePage, target);
        }
        if ((control & FwCfg.DmaSelect) != 0)
        {
            Select(control >> 16);
        }
        Processor.Out32(FwCfg.DmaLowPort, written);
        if ((control & FwCfg.DmaRead) != 0)
        {
            Restore((byte*)GuestMemory.SharedHome(target), length);
        }
        if ((control & (FwCfg.DmaRead | FwCfg.DmaWrite | FwCfg.DmaSkip)) != 0)
        {
            s_offset += length;
        }
    }

    // SAFETY: the target is shared memory of this length, which the caller has checked; the source is bounded by the configured size.
    private static void Restore(byte* target, uint length)
    {
        MachineConfiguration* machine = Launch.Configuration;
        if (s_item != FwCfg.SetupData)
        {
            return;
        }
        for (ulong i = 0; i < length && s_offset + i < machine->SetupHeaderSize; i++)
        {
            target[i] = machine->SetupHeader[s_offset + i];
        }
    }
}

using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Host;

/// <summary>QEMU's firmware configuration device, read by the machine for itself (QEMU, docs/specs/fw_cfg).</summary>
internal static unsafe class FwCfg
{
    public const ushort KernelSize = 0x08;
    public const ushort InitrdSize = 0x0B;
    public const ushort KernelData = 0x11;
    public const ushort InitrdData = 0x12;
    public const ushort CommandLineSize = 0x14;
    public const ushort CommandLineData = 0x15;
    public const ushort SetupSize = 0x17;
    public const ushort SetupData = 0x18;

    public const ushort SelectorPort = 0x510;
    public const ushort DataPort = 0x511;
    public const ushort DmaHighPort = 0x514;
    public const ushort DmaLowPort = 0x518;

    public const uint DmaError = 1 << 0;
    public const uint DmaRead = 1 << 1;
    public const uint DmaSkip = 1 << 2;
    public const uint DmaSelect = 1 << 3;
    public const uint DmaWrite = 1 << 4;

    /// <summary>An item of four bytes.</summary>
    public static uint ReadUInt32(ushort item)
    {
        Processor.Out16(SelectorPort, item);
        uint value = 0;
        for (int i = 0; i < 4; i++)
        {
            value |= (uint)Processor.In8(DataPort) << (8 * i);
        }
        return value;
    }

    /// <summary>Reads an item from its start into host memory, by DMA.</summary>
    public static bool TryRead(ushort item, byte* target, uint length)
    {
        if (length == 0)
        {
            return true;
        }
        uint* command = stackalloc uint[4];
        command[0] = SwapBytes((uint)item << 16 | DmaSelect | DmaRead);
        command[1] = SwapBytes(length);
        command[2] = SwapBytes((uint)((ulong)target >> 32));
        command[3] = SwapBytes((uint)(ulong)target);
        // SAFETY: the device reads the command and writes the target while the second OUT lasts; the machine's memory is mapped one to one.
        Processor.Out32(DmaHighPort, SwapBytes((uint)((ulong)command >> 32)));
        Processor.Out32(DmaLowPort, SwapBytes((uint)(ulong)command));
        return System.Threading.Volatile.Read(ref *command) == 0;
    }

    public static uint SwapBytes(uint value) => value >> 24 | (value >> 8 & 0xFF00) | (value << 8 & 0xFF_0000) | value << 24;
}

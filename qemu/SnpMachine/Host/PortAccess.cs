using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Host;

/// <summary>I/O ports, strings included: QEMU's own devices answer, except where the machine hides itself (56421, section 4.1.2).</summary>
internal static unsafe class PortAccess
{
    private const ulong IsInput = 1 << 0;
    private const ulong IsString = 1 << 2;
    private const ulong IsRepeated = 1 << 3;
    private const ulong ReservedBits = ~0xFFFF_1FFDUL;

    // QEMU's ACPI memory hot-plug, which would tell the guest of the hidden memory: it answers zeros.
    private const ushort MemoryHotPlugStart = 0xA00;
    private const ushort MemoryHotPlugEnd = 0xA17;

    public static EventAnswer Handle(ref GhcbRequest request)
    {
        ulong info = request.Info1;
        int size = (int)(info >> 4) & 7;
        if ((info & ReservedBits) != 0 || size is not (1 or 2 or 4))
        {
            Refusal.Answer(Rule.IoSizeInvalid, info);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        ushort port = (ushort)(info >> 16);
        bool isInput = (info & IsInput) != 0;
        if ((info & IsString) != 0)
        {
            return String(ref request, port, size, isInput, (info & IsRepeated) != 0 ? request.Info2 : 1);
        }
        if (isInput)
        {
            request.ReturnRax(Read(port, size));
            return EventAnswer.Result(0);
        }
        if (!request.Has(rax: true))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        Write(port, size, (uint)request.Rax);
        return EventAnswer.Result(0);
    }

    private static EventAnswer String(ref GhcbRequest request, ushort port, int size, bool isInput, ulong count)
    {
        if (!request.Has(scratch: true))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        if (count > PhysicalLayout.PageSize)
        {
            Refusal.Answer(Rule.GhcbScratchInvalid, count);
            return EventAnswer.Malformed(GhcbError.InvalidScratchArea);
        }
        if (count == 0)
        {
            return EventAnswer.Result(0);
        }
        byte* buffer = request.ScratchArea(count * (ulong)size);
        if (buffer == null)
        {
            return EventAnswer.Malformed(GhcbError.InvalidScratchArea);
        }
        // SAFETY: ScratchArea says that count elements of this size are shared memory.
        for (ulong i = 0; i < count; i++, buffer += size)
        {
            if (isInput)
            {
                Store(buffer, size, Read(port, size));
            }
            else
            {
                Write(port, size, Load(buffer, size));
            }
        }
        return EventAnswer.Result(0);
    }

    /// <summary>What the guest reads from a port.</summary>
    public static uint Read(ushort port, int size)
    {
        if (IsHidden(port))
        {
            return port is >= MemoryHotPlugStart and <= MemoryHotPlugEnd ? 0 : uint.MaxValue >> (32 - 8 * size);
        }
        return size switch
        {
            1 when port == FwCfg.DataPort => FwCfgFilter.ReadData(),
            1 => Processor.In8(port),
            2 => Processor.In16(port),
            _ => Processor.In32(port),
        };
    }

    /// <summary>What the guest writes to a port.</summary>
    public static void Write(ushort port, int size, uint value)
    {
        if (IsHidden(port))
        {
            return;
        }
        if (port is FwCfg.SelectorPort or (>= FwCfg.DmaHighPort and < FwCfg.DmaLowPort + 4))
        {
            FwCfgFilter.Write(port, size, value);
            return;
        }
        PowerControl.Observe(port, value);
        PciConfiguration.Observe(port, size, value);
        switch (size)
        {
            case 1:
                Processor.Out8(port, (byte)value);
                break;
            case 2:
                Processor.Out16(port, (ushort)value);
                break;
            default:
                Processor.Out32(port, value);
                break;
        }
    }

    private static bool IsHidden(ushort port) =>
        port is Channel.TextPort or Channel.JsonPort or Stop.ExitPort or (>= MemoryHotPlugStart and <= MemoryHotPlugEnd)
        || PciConfiguration.IsHidden(port);

    private static uint Load(byte* memory, int size) => size switch
    {
        1 => *memory,
        2 => *(ushort*)memory,
        _ => *(uint*)memory,
    };

    private static void Store(byte* memory, int size, uint value)
    {
        switch (size)
        {
            case 1:
                *memory = (byte)value;
                break;
            case 2:
                *(ushort*)memory = (ushort)value;
                break;
            default:
                *(uint*)memory = value;
                break;
        }
    }
}

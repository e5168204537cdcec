using System;
using System.Buffers.Binary;
using LiteBox.South.Hardware;

namespace LiteBox.South.Processors;

/// <summary>
/// The standard form of the XSAVE area (APM volume 2, 11.5.2): 512 bytes as FXSAVE has them, a 64-byte header, then the further components.
/// Pure arithmetic on bytes; <see cref="Scheduling.UserState"/> moves them to and from the processor.
/// </summary>
internal readonly unsafe struct ExtendedState
{
    private const int ControlWordOffset = 0;
    private const int MxcsrOffset = 24;
    private const int MxcsrMaskOffset = 28;

    /// <summary>XSTATE_BV: which components are not in their initial state.</summary>
    private const int HeaderOffset = 512;

    private const int HeaderSize = 64;

    /// <summary>The size of an area with x87 and SSE only.</summary>
    private const int MinimumSize = HeaderOffset + HeaderSize;

    /// <summary>XSAVE areas start at such addresses.</summary>
    internal const int Alignment = 64;

    /// <summary>x87: all exceptions masked, extended precision (FNINIT).</summary>
    private const ushort InitialControlWord = 0x37F;

    /// <summary>SSE: all exceptions masked, round to nearest.</summary>
    private const uint InitialMxcsr = 0x1F80;

    /// <summary>MXCSR bits that exist where FXSAVE reports no mask (APM volume 1, 4.2.2).</summary>
    private const uint DefaultMxcsrMask = 0xFFBF;

    private readonly uint mxcsrMask;

    internal ExtendedState(ulong components, int size, uint mxcsrMask)
    {
        Components = components;
        Size = size;
        this.mxcsrMask = mxcsrMask == 0 ? DefaultMxcsrMask : mxcsrMask;
    }

    /// <summary>The components in use: XCR0.</summary>
    internal ulong Components { get; }

    /// <summary>Bytes of an area.</summary>
    internal int Size { get; }

    /// <summary>The size that the components have, recomputed from their own leaves rather than believed in one number (T37; APM volume 3, CPUID Fn0000_000D).</summary>
    internal static int SizeOf(ulong components, HardwareAccess hardware)
    {
        uint size = MinimumSize;
        for (uint component = 2; component < 63; component++)
        {
            if (((components >> (int)component) & 1) == 0)
            {
                continue;
            }

            Platform.CpuidResult leaf = hardware.Cpuid(0xD, component);
            uint end = checked(leaf.Eax + leaf.Ebx);
            size = end > size ? end : size;
        }

        return checked((int)size);
    }

    /// <summary>The MXCSR mask that an XSAVE area reports.</summary>
    internal static uint MxcsrMaskIn(ReadOnlySpan<byte> area) => BinaryPrimitives.ReadUInt32LittleEndian(area[MxcsrMaskOffset..]);

    /// <summary>The state of a new program, in memory that may hold anything: nothing of that is left (T70).</summary>
    internal void WriteInitial(Span<byte> area)
    {
        area[..Size].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(area[ControlWordOffset..], InitialControlWord);
        BinaryPrimitives.WriteUInt32LittleEndian(area[MxcsrOffset..], InitialMxcsr);
        BinaryPrimitives.WriteUInt32LittleEndian(area[MxcsrMaskOffset..], mxcsrMask);
    }

    /// <summary>Makes an area ready for XSAVE, which writes only the first word of the header.</summary>
    internal static void ClearHeader(Span<byte> area) => area.Slice(HeaderOffset, HeaderSize).Clear();

    /// <summary>True where XRSTOR would take the image: no unknown component, no compacted form, no reserved bit set (APM volume 4, XRSTOR).</summary>
    internal bool IsRestorable(ReadOnlySpan<byte> area)
    {
        if (area.Length < Size || (BinaryPrimitives.ReadUInt32LittleEndian(area[MxcsrOffset..]) & ~mxcsrMask) != 0)
        {
            return false;
        }

        fixed (byte* start = area)
        {
            // SAFETY: the header lies within the size that was checked.
            ulong* header = (ulong*)(start + HeaderOffset);
            return (header[0] & ~Components) == 0 && (header[1] | header[2] | header[3] | header[4] | header[5] | header[6] | header[7]) == 0;
        }
    }
}

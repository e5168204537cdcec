using System;
using LiteBox.South.Hardware;
using LiteBox.South.Instructions;
using LiteBox.South.Processors;

namespace LiteBox.South.Scheduling;

/// <summary>How this machine's user state is laid out: the same for all threads, found out once at boot.</summary>
internal sealed unsafe class UserStateFormat
{
    private UserStateFormat(ExtendedState extended, byte* initial, bool hasOptimizedSave)
    {
        Initial = initial;
        Extended = extended;
        HasOptimizedSave = hasOptimizedSave;
    }

    /// <summary>The XSAVE area.</summary>
    internal ExtendedState Extended { get; }

    /// <summary>An area with the state of a new program.</summary>
    internal byte* Initial { get; }

    /// <summary>XSAVEOPT exists.</summary>
    internal bool HasOptimizedSave { get; }

    /// <summary>Bytes at the top of a kernel stack that hold the XSAVE area, so that it and what is below are aligned.</summary>
    internal ulong AreaSize => Align(Extended.Size);

    /// <summary>Bytes for another such area, and the word that Linux puts behind it in a signal frame.</summary>
    internal ulong ImageSize => Align(Extended.Size + sizeof(uint));

    /// <summary>Asks the processor. XSAVE is on already.</summary>
    /// <param name="initial">A page, for <see cref="Initial"/>.</param>
    internal static UserStateFormat Read(in ProcessorFeatures features, HardwareAccess hardware, byte* initial)
    {
        ulong components = ControlRegisters.Xcr0(features);
        int size = ExtendedState.SizeOf(components, hardware);

        // SAFETY: x87 and SSE fit in the first 576 bytes of the page; the area must be zero first (APM volume 4, XSAVE).
        Span<byte> area = new(initial, 4096);
        area.Clear();
        Instruction.SaveExtendedState(initial, 0b11);
        ExtendedState extended = new(components, size, ExtendedState.MxcsrMaskIn(area));
        extended.WriteInitial(area);
        return new UserStateFormat(extended, initial, features.HasXsaveOptimized);
    }

    private static ulong Align(int size) => (ulong)(size + ExtendedState.Alignment - 1) & ~(ulong)(ExtendedState.Alignment - 1);
}

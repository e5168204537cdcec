using System;
using LiteBox.South.Hardware;
using LiteBox.South.Instructions;
using LiteBox.South.Processors;

namespace LiteBox.South.Scheduling;

/// <summary>How this machine's user state is laid out: the same for all threads, found out once at boot.</summary>
internal sealed unsafe class UserStateFormat
{
    private UserStateFormat(ExtendedState extended, bool hasOptimizedSave)
    {
        Extended = extended;
        HasOptimizedSave = hasOptimizedSave;
    }

    /// <summary>The XSAVE area.</summary>
    internal ExtendedState Extended { get; }

    /// <summary>XSAVEOPT exists.</summary>
    internal bool HasOptimizedSave { get; }

    /// <summary>Bytes at the top of a kernel stack that hold the XSAVE area, so that it and what is below are aligned.</summary>
    internal ulong AreaSize => (ulong)(Extended.Size + ExtendedState.Alignment - 1) & ~(ulong)(ExtendedState.Alignment - 1);

    /// <summary>Asks the processor. XSAVE is on already.</summary>
    /// <param name="scratch">Aligned memory of at least 4096 bytes, for one save.</param>
    internal static UserStateFormat Read(in ProcessorFeatures features, HardwareAccess hardware, byte* scratch)
    {
        ulong components = ControlRegisters.Xcr0(features);
        int size = ExtendedState.SizeOf(components, hardware);

        // SAFETY: x87 and SSE fit in the first 576 bytes of scratch, which the caller aligned; the area must be zero first (APM volume 4, XSAVE).
        Span<byte> area = new(scratch, 4096);
        area.Clear();
        Instruction.SaveExtendedState(scratch, 0b11);
        return new UserStateFormat(new ExtendedState(components, size, ExtendedState.MxcsrMaskIn(area)), features.HasXsaveOptimized);
    }
}

using LiteBox.Platform;

namespace LiteBox.South.Processors;

/// <summary>Which vector is what, and how its gate looks.</summary>
internal static class InterruptVectors
{
    /// <summary>Vectors in the table.</summary>
    internal const int Count = 256;

    /// <summary>Vectors 0 to 31 are the processor's exceptions (APM volume 2, 8.1).</summary>
    internal const int FirstExternal = 32;

    internal const byte NonMaskable = 2;
    internal const byte DoubleFault = 8;
    internal const byte InvalidTaskState = 10;
    internal const byte MachineCheck = 18;
    internal const byte ControlProtection = 21;
    internal const byte Security = 30;

    /// <summary>The old Linux system call. It has no gate (T7): INT 0x80 is a general protection fault.</summary>
    internal const byte LegacySystemCall = 0x80;

    /// <summary>The local APIC's timer.</summary>
    internal const byte Timer = 0x40;

    /// <summary>The first serial port.</summary>
    internal const byte Serial = 0x44;

    /// <summary>The two legacy interrupt controllers, masked, can still raise their spurious interrupts: lines 7 and 15 of these vectors.</summary>
    internal const byte LegacyControllerBase = 0xE0;

    /// <summary>The local APIC's spurious interrupt: no end-of-interrupt (APM volume 2, 16.4.7).</summary>
    internal const byte Spurious = 0xFF;

    /// <summary>True for the exceptions with which the processor pushes an error code (APM volume 2, table 8-1).</summary>
    internal static bool PushesErrorCode(int vector) =>
        vector is DoubleFault or InvalidTaskState or (int)ExceptionVector.SegmentNotPresent or (int)ExceptionVector.Stack
            or (int)ExceptionVector.GeneralProtection or (int)ExceptionVector.PageFault or (int)ExceptionVector.AlignmentCheck
            or ControlProtection or (int)ExceptionVector.VmmCommunication or Security;

    /// <summary>Fills one table entry, given where the entry stub of vector 0 stands and how far the stubs are apart.</summary>
    internal static InterruptGate Gate(int vector, ulong firstEntry, int entrySize) =>
        vector == LegacySystemCall
            ? default
            : new InterruptGate(firstEntry + (ulong)(vector * entrySize), Stack(vector), UserMayCall(vector));

    private static InterruptStack Stack(int vector) => vector switch
    {
        DoubleFault => InterruptStack.DoubleFault,
        NonMaskable => InterruptStack.NonMaskable,
        MachineCheck => InterruptStack.MachineCheck,
        (int)ExceptionVector.VmmCommunication => InterruptStack.VmmCommunication,
        _ => InterruptStack.Current,
    };

    /// <summary>INT3 and INTO's vector: instructions that programs use on purpose.</summary>
    private static bool UserMayCall(int vector) => vector is (int)ExceptionVector.Breakpoint or (int)ExceptionVector.Overflow;
}

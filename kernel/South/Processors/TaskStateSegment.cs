using System.Runtime.InteropServices;

namespace LiteBox.South.Processors;

/// <summary>
/// The 64-bit task state segment (APM volume 2, 12.2.5): which stack the processor takes when it enters the kernel. There is no I/O permission map:
/// user mode has no ports.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct TaskStateSegment
{
    private uint reserved0;

    /// <summary>Stack for interrupts and exceptions from user mode.</summary>
    internal ulong StackPointer0;

    private ulong stackPointer1;
    private ulong stackPointer2;
    private ulong reserved1;
    private ulong interruptStack1;
    private ulong interruptStack2;
    private ulong interruptStack3;
    private ulong interruptStack4;
    private ulong interruptStack5;
    private ulong interruptStack6;
    private ulong interruptStack7;
    private ulong reserved2;
    private ushort reserved3;
    private ushort ioMapBase;

    /// <summary>Bytes of the segment.</summary>
    internal const int Size = 104;

    /// <summary>A segment with stacks of their own for the exceptions that can come when the current stack is not to be trusted.</summary>
    internal static TaskStateSegment Create(ulong doubleFault, ulong nonMaskable, ulong machineCheck, ulong vmmCommunication) => new()
    {
        interruptStack1 = doubleFault,
        interruptStack2 = nonMaskable,
        interruptStack3 = machineCheck,
        interruptStack4 = vmmCommunication,
        ioMapBase = Size, // behind the limit: no map
    };
}

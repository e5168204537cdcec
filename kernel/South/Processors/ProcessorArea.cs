using System.Runtime.InteropServices;

namespace LiteBox.South.Processors;

/// <summary>
/// What the entry stubs need of a processor, reached through GS in the kernel. The stubs take the offsets from this type.
/// Plain memory, not an object: it holds no references.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcessorArea
{
    /// <summary>Where the running thread's user frame ends: the kernel's stack pointer at entry from user mode.</summary>
    internal ulong EntryStackPointer;

    /// <summary>The user's stack pointer, between SYSCALL and the push of it. No interrupt can come between.</summary>
    internal ulong UserStackPointer;

    /// <summary>What is to be done before user mode runs again, in one word so that one compare tells: see <see cref="PendingWork"/>.</summary>
    internal uint PendingWork;
}

/// <summary>Bits of <see cref="ProcessorArea.PendingWork"/>.</summary>
internal static class PendingWork
{
    /// <summary>The time slice is over and somebody else wants to run.</summary>
    internal const uint Reschedule = 1;

    /// <summary>The running user thread has work of North's to do on its way out.</summary>
    internal const uint ReturnWork = 2;
}

using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

// How South enters: system calls, exceptions, page faults, and the way back to user mode.
internal sealed partial class Task
{
    private ThreadFate fate = ThreadFate.Continue;

    /// <inheritdoc/>
    public override ThreadFate OnSystemCall(ref UserRegisters registers)
    {
        SystemCallEntry entry = Kernel.SystemCalls.Find(registers.OriginalRax);
        if (entry.HeapBytes != 0 && !TryReserve(entry))
        {
            registers.Rax = unchecked((ulong)-(long)Errno.ENOMEM);
            return ThreadFate.Continue;
        }

        var arguments = new SystemCallArguments(ref registers);
        registers.Rax = (ulong)entry.Handler(this, in arguments).Value;
        return fate;
    }
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReserve(SystemCallEntry entry) => Kernel.Machine.Heap.TryReserve(entry.HeapBytes);
}

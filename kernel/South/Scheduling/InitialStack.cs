namespace LiteBox.South.Scheduling;

/// <summary>How a kernel stack looks on which nobody has run yet.</summary>
internal static unsafe class InitialStack
{
    /// <summary>
    /// Writes what SwitchStack expects: saved registers, all zero, and the address to go on at. A stack pointer for the first switch.
    /// </summary>
    /// <param name="top">Where the new calls are to start: a multiple of 16.</param>
    /// <param name="start">The stub to go on at.</param>
    internal static ulong Prepare(ulong top, ulong start)
    {
        // SAFETY: the caller owns the stack below top, which nobody runs on.
        ulong* stackPointer = (ulong*)top;
        *--stackPointer = start;
        for (int register = 0; register < EntryFrame.SavedRegisterCount; register++)
        {
            *--stackPointer = 0;
        }

        return (ulong)stackPointer;
    }
}

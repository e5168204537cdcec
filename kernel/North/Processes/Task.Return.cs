using LiteBox.Platform;

namespace LiteBox.North.Processes;

// What happens on the way back to user mode: signals, stops, the end.
internal sealed partial class Task
{
    /// <inheritdoc/>
    public override ThreadFate OnReturnToUser(ref UserRegisters registers) => fate;

    /// <inheritdoc/>
    public override ThreadFate OnException(ref UserRegisters registers, ExceptionVector vector, uint errorCode, ulong address) => fate;

    /// <inheritdoc/>
    public override bool OnPageFault(UserAddress address, PageAccess access) => false;
}

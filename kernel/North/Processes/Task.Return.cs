using LiteBox.Abi;
using LiteBox.North.Signals;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

// The way back to user mode: signals, stops, restarts, the end.
internal sealed partial class Task
{
    /// <inheritdoc/>
    public override ThreadFate OnReturnToUser(ref UserRegisters registers)
    {
        while (fate == ThreadFate.Continue)
        {
            if (Process.IsEnding || (Process.ExclusiveTask is { } exclusive && exclusive != this))
            {
                TaskExit.Exit(this, Process.WaitStatus);
            }
            else if (Process.IsStopped)
            {
                Kernel.Machine.Scheduler.Wait(Process.Resumed, Scheduler.Never, WaitKind.Uninterruptible);
            }
            else if (HasDeliverableSignal)
            {
                SignalDelivery.DeliverOne(this, ref registers);
            }
            else
            {
                SystemCallRestart.WithoutHandler(ref registers);
                RestoreMask();
                if (!HasDeliverableSignal)
                {
                    break;
                }
            }
        }

        return fate;
    }

    /// <summary>True once it has ended.</summary>
    public bool HasEnded => fate == ThreadFate.Exit;

    /// <summary>The task is over: South does not return to it.</summary>
    internal void MarkEnded() => fate = ThreadFate.Exit;
}

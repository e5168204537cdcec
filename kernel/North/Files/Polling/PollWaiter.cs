using System.Collections.Generic;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// A task that waits for several files: it has an entry in the queue of each. Made only when a poll has to wait, and reused by its task, whose
/// entries South makes.
/// </summary>
internal sealed class PollWaiter : PollRegistration
{
    private readonly Scheduler scheduler;
    private readonly List<WaitEntry> entries = new();
    private int used;

    public PollWaiter(Scheduler scheduler) => this.scheduler = scheduler;

    /// <inheritdoc/>
    public override void Add(WaitQueue queue)
    {
        if (used == entries.Count)
        {
            entries.Add(scheduler.CreateWaitEntry());
        }

        queue.Add(entries[used]);
        used++;
    }

    /// <summary>Waits until one of the queues is woken. ETIMEDOUT, ERESTARTSYS.</summary>
    public Errno Wait(ulong deadline) => Task.ToErrno(scheduler.Park(deadline, WaitKind.Interruptible));

    /// <summary>Leaves all queues.</summary>
    public void LeaveAll()
    {
        for (int i = 0; i < used; i++)
        {
            entries[i].Leave();
        }

        used = 0;
    }
}

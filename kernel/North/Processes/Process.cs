using LiteBox.North.Memory;
using LiteBox.North.Signals;
using LiteBox.North.Time;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

/// <summary>A running program: a group of tasks that share memory, signal actions and a pid.</summary>
internal sealed partial class Process
{
    private Process? lastChild;

    public Process(LinuxKernel kernel, int id, Process? parent, ResourceLimits limits, SignalActions actions)
    {
        Kernel = kernel;
        Id = id;
        Parent = parent;
        Limits = limits;
        Actions = actions;
        Timers = new ProcessTimers(this);
    }

    public LinuxKernel Kernel { get; }

    /// <summary>The pid (thread group id).</summary>
    public int Id { get; }

    /// <summary>Who waits for it: the process that made it, or the one that inherited it. Null for the first.</summary>
    public Process? Parent { get; internal set; }

    /// <summary>The oldest of its children, zombies included.</summary>
    public Process? FirstChild { get; private set; }

    /// <summary>The next child of the same parent.</summary>
    public Process? NextSibling { get; private set; }

    /// <summary>The child before this one of the same parent.</summary>
    public Process? PreviousSibling { get; private set; }

    /// <summary>Its process group.</summary>
    public required ProcessGroup Group { get; set; }

    /// <summary>Its session.</summary>
    public Session Session => Group.Session;

    /// <summary>The next member of its group.</summary>
    public Process? NextInGroup { get; set; }

    /// <summary>The member before this one of its group.</summary>
    public Process? PreviousInGroup { get; set; }

    /// <summary>The newest task; the others follow by <see cref="Task.NextInProcess"/>. Null once all have ended.</summary>
    public Task? FirstTask { get; private set; }

    /// <summary>Tasks that have not ended.</summary>
    public int TaskCount { get; private set; }

    /// <summary>Its memory. Null once it has ended.</summary>
    public AddressSpace? Memory { get; internal set; }

    /// <summary>What it does about signals.</summary>
    public SignalActions Actions { get; internal set; }

    /// <summary>Signals sent to the process as a whole.</summary>
    public PendingSignals PendingSignals { get; } = new();

    public ResourceLimits Limits { get; internal set; }

    /// <summary>Woken when a child changes its state: wait(2) waits here.</summary>
    public WaitQueue ChildChanged { get; } = new();

    /// <summary>True for pid 1.</summary>
    public bool IsInit => Id == 1;

    /// <summary>True once all tasks have ended; it stays until its parent has waited for it.</summary>
    public bool IsZombie { get; internal set; }

    /// <summary>When it was made, as <see cref="Clock.Monotonic"/>.</summary>
    public ulong StartTime { get; init; }

    /// <summary>Takes a task in.</summary>
    internal void Add(Task task)
    {
        task.NextInProcess = FirstTask;
        FirstTask = task;
        TaskCount++;
    }

    /// <summary>Lets a task go.</summary>
    internal void Remove(Task task)
    {
        if (FirstTask == task)
        {
            FirstTask = task.NextInProcess;
        }
        else
        {
            Task before = FirstTask!;
            while (before.NextInProcess != task)
            {
                before = before.NextInProcess!;
            }

            before.NextInProcess = task.NextInProcess;
        }

        task.NextInProcess = null;
        TaskCount--;
    }

    /// <summary>Makes a process a child of this one, behind the children that it has: wait(2) tells of the oldest first.</summary>
    internal void AddChild(Process child)
    {
        child.Parent = this;
        child.NextSibling = null;
        child.PreviousSibling = lastChild;
        if (lastChild is null)
        {
            FirstChild = child;
        }
        else
        {
            lastChild.NextSibling = child;
        }

        lastChild = child;
    }

    /// <summary>Lets a child go.</summary>
    internal void RemoveChild(Process child)
    {
        if (child.PreviousSibling is null)
        {
            FirstChild = child.NextSibling;
        }
        else
        {
            child.PreviousSibling.NextSibling = child.NextSibling;
        }

        if (child.NextSibling is null)
        {
            lastChild = child.PreviousSibling;
        }
        else
        {
            child.NextSibling.PreviousSibling = child.PreviousSibling;
        }

        child.NextSibling = null;
        child.PreviousSibling = null;
    }
}

namespace LiteBox.South.Scheduling;

/// <summary>Those who want to run, in the order in which they came: first come, first served, each for a time slice.</summary>
internal sealed class RunQueue
{
    private Execution? first;
    private Execution? last;

    /// <summary>How many wait for their turn.</summary>
    internal int Count { get; private set; }

    /// <summary>Joins at the end.</summary>
    internal void Enqueue(Execution execution)
    {
        execution.NextRunnable = null;
        if (last is null)
        {
            first = execution;
        }
        else
        {
            last.NextRunnable = execution;
        }

        last = execution;
        Count++;
    }

    /// <summary>Takes the first one out, or null.</summary>
    internal Execution? Dequeue()
    {
        Execution? execution = first;
        if (execution is null)
        {
            return null;
        }

        first = execution.NextRunnable;
        if (first is null)
        {
            last = null;
        }

        execution.NextRunnable = null;
        Count--;
        return execution;
    }
}

using System;

namespace LiteBox.North.Time;

/// <summary>The timers of timer_create(2) of one process, by number. fork does not copy them, execve deletes them.</summary>
internal sealed class PosixTimers
{
    /// <summary>The most timers of one process.</summary>
    public const int Maximum = 256;

    private PosixTimer?[] timers = [];

    /// <summary>A number that is free; -1 where none is.</summary>
    public int FindFree()
    {
        for (int i = 0; i < timers.Length; i++)
        {
            if (timers[i] is null)
            {
                return i;
            }
        }

        return timers.Length < Maximum ? timers.Length : -1;
    }

    /// <summary>Enters a timer under a free number.</summary>
    public void Add(int id, PosixTimer timer)
    {
        if (id >= timers.Length)
        {
            var larger = new PosixTimer?[timers.Length == 0 ? 4 : timers.Length * 2];
            timers.AsSpan().CopyTo(larger);
            timers = larger;
        }

        timers[id] = timer;
    }

    /// <summary>The timer with a number, or null.</summary>
    public PosixTimer? Find(int id) => (uint)id < (uint)timers.Length ? timers[id] : null;

    /// <summary>Deletes one.</summary>
    public void Delete(int id)
    {
        timers[id]?.Disarm();
        timers[id] = null;
    }

    /// <summary>execve, or the end of the process.</summary>
    public void DeleteAll()
    {
        for (int i = 0; i < timers.Length; i++)
        {
            Delete(i);
        }
    }
}

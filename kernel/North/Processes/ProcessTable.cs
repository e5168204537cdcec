using System;

namespace LiteBox.North.Processes;

/// <summary>
/// Who has which pid: tasks, processes, groups and sessions. Numbers rise from 1 and wrap at <see cref="Maximum"/>, as Linux's do, so that one is
/// not soon used again.
/// </summary>
internal sealed class ProcessTable
{
    /// <summary>One past the highest pid (/proc/sys/kernel/pid_max).</summary>
    public const int Maximum = 32768;

    /// <summary>Where numbering goes on after a wrap (Linux's RESERVED_PIDS).</summary>
    private const int FirstAfterWrap = 300;

    private const int PageBits = 8;
    private const int EntriesPerPage = 1 << PageBits;

    private readonly PidEntry?[]?[] pages = new PidEntry?[Maximum >> PageBits][];
    private readonly short[] entriesInPage = new short[Maximum >> PageBits];
    private int lastId;

    /// <summary>Tasks that exist, zombies included.</summary>
    public int TaskCount { get; private set; }

    /// <summary>Processes that exist, zombies included.</summary>
    public int ProcessCount { get; private set; }

    /// <summary>Tasks made since boot (/proc/stat's "processes").</summary>
    public long TasksEverMade { get; private set; }

    /// <summary>The pid given out last (/proc/loadavg).</summary>
    public int LastId => lastId;

    /// <summary>The task with this id, or null.</summary>
    public Task? FindTask(int id) => Find(id)?.Task;

    /// <summary>The process with this id, or null. Zombies are found too.</summary>
    public Process? FindProcess(int id) => Find(id)?.Process;

    /// <summary>The process group with this id, or null.</summary>
    public ProcessGroup? FindGroup(int id) => Find(id)?.Group;

    /// <summary>The session with this id, or null.</summary>
    public Session? FindSession(int id) => Find(id)?.Session;

    /// <summary>The process with the lowest id above <paramref name="id"/>, or null: walks all processes, which may come and go meanwhile.</summary>
    public Process? NextProcess(int id)
    {
        for (int next = id + 1; next < Maximum; next++)
        {
            PidEntry?[]? page = pages[next >> PageBits];
            if (page is null)
            {
                next |= EntriesPerPage - 1;
            }
            else if (page[next & (EntriesPerPage - 1)]?.Process is { } process)
            {
                return process;
            }
        }

        return null;
    }

    /// <summary>Tasks whose real user is this one: what RLIMIT_NPROC limits.</summary>
    public int CountTasksOf(uint user)
    {
        int count = 0;
        for (Process? process = NextProcess(0); process is not null; process = NextProcess(process.Id))
        {
            Task? task = process.FirstTask;
            if (task is not null ? task.Credentials.UserId == user : process.LastUserId == user)
            {
                count += Math.Max(process.TaskCount, 1);
            }
        }

        return count;
    }

    /// <summary>Takes a number that names nothing. False: all are taken (EAGAIN).</summary>
    public bool TryTakeId(out int id)
    {
        for (int tries = 0; tries < Maximum; tries++)
        {
            lastId = lastId + 1 < Maximum ? lastId + 1 : FirstAfterWrap;
            if (Find(lastId) is null)
            {
                id = lastId;
                return true;
            }
        }

        id = 0;
        return false;
    }

    /// <summary>Enters a task under its id.</summary>
    public void Add(Task task)
    {
        FindOrMake(task.Id).Task = task;
        TaskCount++;
        TasksEverMade++;
    }

    /// <summary>Enters a process under its id.</summary>
    public void Add(Process process)
    {
        FindOrMake(process.Id).Process = process;
        ProcessCount++;
    }

    /// <summary>Enters a group under its id.</summary>
    public void Add(ProcessGroup group) => FindOrMake(group.Id).Group = group;

    /// <summary>Enters a session under its id.</summary>
    public void Add(Session session) => FindOrMake(session.Id).Session = session;

    /// <summary>Removes a task.</summary>
    public void Remove(Task task)
    {
        PidEntry entry = FindOrMake(task.Id);
        entry.Task = null;
        TaskCount--;
        DropIfUnused(entry);
    }

    /// <summary>A thread that calls execve takes over the id of its process: enters it there, in the place of the old leader.</summary>
    public void TakeOverId(Task task, int id)
    {
        Remove(task);
        task.Id = id;
        FindOrMake(id).Task = task;
        TaskCount++;
    }

    /// <summary>Removes a process.</summary>
    public void Remove(Process process)
    {
        PidEntry entry = FindOrMake(process.Id);
        entry.Process = null;
        ProcessCount--;
        DropIfUnused(entry);
    }

    /// <summary>Removes a group.</summary>
    public void Remove(ProcessGroup group)
    {
        PidEntry entry = FindOrMake(group.Id);
        entry.Group = null;
        DropIfUnused(entry);
    }

    /// <summary>Removes a session.</summary>
    public void Remove(Session session)
    {
        PidEntry entry = FindOrMake(session.Id);
        entry.Session = null;
        DropIfUnused(entry);
    }

    private PidEntry? Find(int id) => (uint)id < Maximum ? pages[id >> PageBits]?[id & (EntriesPerPage - 1)] : null;

    private PidEntry FindOrMake(int id)
    {
        PidEntry?[] page = pages[id >> PageBits] ??= new PidEntry?[EntriesPerPage];
        PidEntry? entry = page[id & (EntriesPerPage - 1)];
        if (entry is null)
        {
            entry = new PidEntry(id);
            page[id & (EntriesPerPage - 1)] = entry;
            entriesInPage[id >> PageBits]++;
        }

        return entry;
    }

    private void DropIfUnused(PidEntry entry)
    {
        if (!entry.IsUnused)
        {
            return;
        }

        int page = entry.Id >> PageBits;
        pages[page]![entry.Id & (EntriesPerPage - 1)] = null;
        if (--entriesInPage[page] == 0)
        {
            pages[page] = null;
        }
    }
}

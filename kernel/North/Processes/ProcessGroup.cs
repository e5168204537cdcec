namespace LiteBox.North.Processes;

/// <summary>Processes that job control treats as one. It lives while it has members.</summary>
internal sealed class ProcessGroup
{
    public ProcessGroup(int id, Session session)
    {
        Id = id;
        Session = session;
        session.GroupCount++;
    }

    /// <summary>The pid of the process that founded it.</summary>
    public int Id { get; }

    public Session Session { get; }

    /// <summary>The first member, zombies included; the others follow by <see cref="Process.NextInGroup"/>.</summary>
    public Process? FirstMember { get; private set; }

    /// <summary>True where nobody is left.</summary>
    public bool IsEmpty => FirstMember is null;

    /// <summary>Puts a process in that is in no group.</summary>
    public void Add(Process process)
    {
        process.PreviousInGroup = null;
        process.NextInGroup = FirstMember;
        if (FirstMember is not null)
        {
            FirstMember.PreviousInGroup = process;
        }

        FirstMember = process;
    }

    /// <summary>Takes a member out.</summary>
    public void Remove(Process process)
    {
        if (process.PreviousInGroup is null)
        {
            FirstMember = process.NextInGroup;
        }
        else
        {
            process.PreviousInGroup.NextInGroup = process.NextInGroup;
        }

        if (process.NextInGroup is not null)
        {
            process.NextInGroup.PreviousInGroup = process.PreviousInGroup;
        }

        process.NextInGroup = null;
        process.PreviousInGroup = null;
    }

    /// <summary>
    /// True where no member has a parent in another group of the same session: nobody is there to continue it, so it must not stop (POSIX).
    /// </summary>
    public bool IsOrphaned
    {
        get
        {
            for (Process? member = FirstMember; member is not null; member = member.NextInGroup)
            {
                Process? parent = member.Parent;
                if (!member.IsZombie && parent is not null && parent.Group != this && parent.Group.Session == Session)
                {
                    return false;
                }
            }

            return true;
        }
    }
}

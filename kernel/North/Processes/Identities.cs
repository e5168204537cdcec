using LiteBox.Abi;

namespace LiteBox.North.Processes;

/// <summary>A task's three user ids, or its three group ids: real, effective and saved. The rules of change are the same for both (credentials(7)).</summary>
internal struct Identities(uint real, uint effective, uint saved)
{
    /// <summary>What a caller gives to leave an id as it is; no id itself.</summary>
    public const uint Unchanged = uint.MaxValue;

    /// <summary>Who started the program.</summary>
    public uint Real { get; private set; } = real;

    /// <summary>What permission checks ask for.</summary>
    public uint Effective { get; private set; } = effective;

    /// <summary>What the effective one may become again.</summary>
    public uint Saved { get; private set; } = saved;

    /// <summary>True for each of the three.</summary>
    public readonly bool Has(uint id) => id == Real || id == Effective || id == Saved;

    /// <summary>setuid(2), setgid(2). Who has the capability <paramref name="isFree"/>: takes any, and all three become it.</summary>
    public Errno Set(uint id, bool isFree)
    {
        if (id == Unchanged)
        {
            return Errno.EINVAL;
        }

        if (isFree)
        {
            Real = id;
            Saved = id;
        }
        else if (id != Real && id != Saved)
        {
            return Errno.EPERM;
        }

        Effective = id;
        return Errno.None;
    }

    /// <summary>setreuid(2), setregid(2).</summary>
    public Errno SetRealAndEffective(uint real, uint effective, bool isFree)
    {
        bool mayReal = isFree || real == Unchanged || real == Real || real == Effective;
        if (!mayReal || !May(effective, isFree))
        {
            return Errno.EPERM;
        }

        bool saves = real != Unchanged || (effective != Unchanged && effective != Real);
        Real = real == Unchanged ? Real : real;
        Effective = effective == Unchanged ? Effective : effective;
        Saved = saves ? Effective : Saved;
        return Errno.None;
    }

    /// <summary>setresuid(2), setresgid(2).</summary>
    public Errno SetAll(uint real, uint effective, uint saved, bool isFree)
    {
        if (!May(real, isFree) || !May(effective, isFree) || !May(saved, isFree))
        {
            return Errno.EPERM;
        }

        Real = real == Unchanged ? Real : real;
        Effective = effective == Unchanged ? Effective : effective;
        Saved = saved == Unchanged ? Saved : saved;
        return Errno.None;
    }

    private readonly bool May(uint id, bool isFree) => isFree || id == Unchanged || Has(id);
}

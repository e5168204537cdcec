using System;

namespace LiteBox.North.Files;

/// <summary>
/// The names in one directory: found by hash, listed in order. The newest comes first, as Linux lists its tmpfs, so that tools which do not sort
/// print the same. A position is the age of a name, so that names may come and go between two calls of a listing.
/// </summary>
internal sealed class DirectoryTable
{
    private const int InitialBucketCount = 8;

    /// <summary>Positions of names begin behind the two dot entries.</summary>
    private const long FirstPosition = 2;

    private Dentry?[] buckets = new Dentry?[InitialBucketCount];
    private Dentry? newest;
    private Dentry? oldest;
    private long lastSequence;

    /// <summary>How many names there are.</summary>
    public int Count { get; private set; }

    /// <summary>The name that came first.</summary>
    public Dentry? Oldest => oldest;

    /// <summary>The name that came last.</summary>
    public Dentry? Newest => newest;

    /// <summary>The name, or null.</summary>
    public Dentry? Find(ReadOnlySpan<byte> name, uint hash)
    {
        Dentry?[] table = buckets;
        for (Dentry? entry = table[hash & (uint)(table.Length - 1)]; entry is not null; entry = entry.NextInBucket)
        {
            if (entry.Hash == hash && entry.Name.SequenceEqual(name))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>Enters a name that is not there.</summary>
    public void Add(Dentry entry)
    {
        if (Count >= buckets.Length)
        {
            Grow();
        }

        AddToBucket(entry);
        entry.Sequence = ++lastSequence;
        entry.Older = newest;
        entry.Newer = null;
        if (newest is null)
        {
            oldest = entry;
        }
        else
        {
            newest.Newer = entry;
        }

        newest = entry;
        entry.IsRemoved = false;
        Count++;
    }

    /// <summary>Takes a name out.</summary>
    public void Remove(Dentry entry)
    {
        uint index = entry.Hash & (uint)(buckets.Length - 1);
        if (buckets[index] == entry)
        {
            buckets[index] = entry.NextInBucket;
        }
        else
        {
            Dentry before = buckets[index]!;
            while (before.NextInBucket != entry)
            {
                before = before.NextInBucket!;
            }

            before.NextInBucket = entry.NextInBucket;
        }

        if (entry.Newer is null)
        {
            newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }

        if (entry.Older is null)
        {
            oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        entry.NextInBucket = null;
        entry.Newer = null;
        entry.Older = null;
        entry.IsRemoved = true;
        Count--;
    }

    /// <summary>Lists names from a position on (2 is the first), newest first, and moves the position.</summary>
    public void List(ref long position, ref DirectoryWriter writer)
    {
        for (Dentry? entry = FindPosition(position); entry is not null; entry = entry.Older)
        {
            long next = PositionBehind(entry);
            if (!writer.TryAdd(entry.Name, entry.Inode.Number, entry.Inode.Mode, next))
            {
                return;
            }

            position = next;
        }
    }

    // Positions must rise while sequence numbers fall.
    private static long PositionBehind(Dentry entry) => long.MaxValue - entry.Sequence;

    private Dentry? FindPosition(long position)
    {
        if (position <= FirstPosition)
        {
            return newest;
        }

        long sequence = long.MaxValue - position;
        if (oldest is null || oldest.Sequence >= sequence)
        {
            return null;
        }

        Dentry? entry = newest;
        while (entry is not null && entry.Sequence >= sequence)
        {
            entry = entry.Older;
        }

        return entry;
    }

    private void AddToBucket(Dentry entry)
    {
        uint index = entry.Hash & (uint)(buckets.Length - 1);
        entry.NextInBucket = buckets[index];
        buckets[index] = entry;
    }

    private void Grow()
    {
        buckets = new Dentry?[buckets.Length * 4];
        for (Dentry? entry = oldest; entry is not null; entry = entry.Newer)
        {
            AddToBucket(entry);
        }
    }
}

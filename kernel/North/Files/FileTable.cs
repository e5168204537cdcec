using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>
/// The descriptors of a process (or of several tasks that share them, CLONE_FILES): small numbers to open file descriptions, each with its
/// close-on-exec flag. Counted by the tasks that use it.
/// </summary>
internal sealed class FileTable
{
    /// <summary>The most descriptors a table can have (/proc/sys/fs/nr_open).</summary>
    public const int MaximumCapacity = 1 << 20;

    private const int InitialCapacity = 64;

    private OpenFile?[] files;
    private ulong[] closeOnExec;
    private int ownerCount = 1;

    // No descriptor below this one is free.
    private int firstCandidate;

    /// <summary>A table without descriptors.</summary>
    public FileTable()
    {
        files = new OpenFile?[InitialCapacity];
        closeOnExec = new ulong[InitialCapacity / 64];
    }

    private FileTable(FileTable source)
    {
        files = new OpenFile?[source.files.Length];
        closeOnExec = new ulong[source.closeOnExec.Length];
        firstCandidate = source.firstCandidate;
        for (int i = 0; i < files.Length; i++)
        {
            OpenFile? file = source.files[i];
            files[i] = file;
            file?.AddOwner();
        }

        for (int i = 0; i < closeOnExec.Length; i++)
        {
            closeOnExec[i] = source.closeOnExec[i];
        }
    }

    /// <summary>True where more than one task uses the table, so that a descriptor can be closed while a call on it waits.</summary>
    public bool IsShared => ownerCount > 1;

    /// <summary>One past the highest descriptor that can be in use.</summary>
    public int Capacity => files.Length;

    /// <summary>fork(2): the same descriptions under the same numbers, in a table of its own.</summary>
    public FileTable Clone() => new(this);

    /// <summary>clone(2) with CLONE_FILES: one more task uses this table.</summary>
    public void AddOwner() => ownerCount++;

    /// <summary>A task stops using the table (exit, or unshare); the last one closes everything.</summary>
    public void Release(Task? task)
    {
        if (--ownerCount != 0)
        {
            return;
        }

        for (int i = 0; i < files.Length; i++)
        {
            CloseSlot(task, i);
        }
    }

    /// <summary>execve(2): closes the descriptors marked close-on-exec. The table must not be shared.</summary>
    public void CloseOnExec(Task task)
    {
        for (int word = 0; word < closeOnExec.Length; word++)
        {
            if (closeOnExec[word] == 0)
            {
                continue;
            }

            for (int bit = 0; bit < 64; bit++)
            {
                if ((closeOnExec[word] >> bit & 1) != 0)
                {
                    CloseSlot(task, (word * 64) + bit);
                }
            }
        }
    }

    /// <summary>The description behind a descriptor. False: EBADF.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(int descriptor, [NotNullWhen(true)] out OpenFile? file)
    {
        OpenFile?[] table = files;
        if ((uint)descriptor < (uint)table.Length)
        {
            file = table[descriptor];
            return file is not null;
        }

        file = null;
        return false;
    }

    /// <summary>
    /// Gives the file the lowest free descriptor from <paramref name="minimum"/> on; the caller's ownership of the file passes to the table.
    /// EMFILE when none below <paramref name="limit"/> (RLIMIT_NOFILE) is free; then the caller still owns it.
    /// </summary>
    public Result Add(OpenFile file, bool closeOnExecution, int limit, int minimum = 0)
    {
        int descriptor = Math.Max(minimum, firstCandidate);
        while (descriptor < files.Length && files[descriptor] is not null)
        {
            descriptor++;
        }

        if (descriptor >= limit)
        {
            return Errno.EMFILE;
        }

        EnsureCapacity(descriptor + 1);
        if (minimum <= firstCandidate)
        {
            firstCandidate = descriptor + 1;
        }

        files[descriptor] = file;
        SetCloseOnExec(descriptor, closeOnExecution);
        return descriptor;
    }

    /// <summary>dup2(2): puts the file under that very number and closes what was there. The caller's ownership passes to the table.</summary>
    public void Replace(Task task, int descriptor, OpenFile file, bool closeOnExecution)
    {
        EnsureCapacity(descriptor + 1);
        OpenFile? previous = files[descriptor];
        files[descriptor] = file;
        SetCloseOnExec(descriptor, closeOnExecution);
        if (previous is not null)
        {
            FileLocks.ReleaseOwnedBy(previous, this);
            previous.Release(task);
        }
    }

    /// <summary>close(2): frees the number, then gives up the description. EBADF where nothing is open.</summary>
    public Errno Close(Task task, int descriptor)
    {
        if ((uint)descriptor >= (uint)files.Length || files[descriptor] is null)
        {
            return Errno.EBADF;
        }

        CloseSlot(task, descriptor);
        return Errno.None;
    }

    /// <summary>The close-on-exec flag of a descriptor in use.</summary>
    public bool IsCloseOnExec(int descriptor) => (closeOnExec[descriptor >> 6] >> (descriptor & 63) & 1) != 0;

    /// <summary>Sets the close-on-exec flag of a descriptor in use.</summary>
    public void SetCloseOnExec(int descriptor, bool value)
    {
        ulong bit = 1UL << (descriptor & 63);
        if (value)
        {
            closeOnExec[descriptor >> 6] |= bit;
        }
        else
        {
            closeOnExec[descriptor >> 6] &= ~bit;
        }
    }

    private void CloseSlot(Task? task, int descriptor)
    {
        OpenFile? file = files[descriptor];
        if (file is null)
        {
            return;
        }

        files[descriptor] = null;
        SetCloseOnExec(descriptor, false);
        if (descriptor < firstCandidate)
        {
            firstCandidate = descriptor;
        }

        FileLocks.ReleaseOwnedBy(file, this);
        file.Release(task);
    }

    private void EnsureCapacity(int count)
    {
        if (count <= files.Length)
        {
            return;
        }

        int capacity = files.Length;
        while (capacity < count)
        {
            capacity *= 2;
        }

        OpenFile?[] largerFiles = new OpenFile?[capacity];
        ulong[] largerFlags = new ulong[capacity / 64];
        Array.Copy(files, largerFiles, files.Length);
        Array.Copy(closeOnExec, largerFlags, closeOnExec.Length);
        files = largerFiles;
        closeOnExec = largerFlags;
    }
}

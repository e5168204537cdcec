using System;
using System.Runtime.CompilerServices;
using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.SystemCalls;

/// <summary>
/// The system calls as data: what South's entry is dispatched by and docs/syscalls.md is generated from. Each room enters its calls with
/// <see cref="Add"/>; a number that nobody entered answers ENOSYS.
/// </summary>
internal sealed class SystemCallTable
{
    /// <summary>Slots: a power of two above every number, so that a mask bounds the index even in speculation (T72).</summary>
    private const int Size = 512;

    private readonly SystemCallEntry[] entries = new SystemCallEntry[Size];

    public SystemCallTable()
    {
        for (int number = 0; number < Size; number++)
        {
            entries[number] = new SystemCallEntry(number, NotSupported, SystemCallSupport.None, 0, "");
        }
    }

    /// <summary>Enters a call. <paramref name="heapBytes"/>: see <see cref="SystemCallEntry.HeapBytes"/>.</summary>
    public void Add(
        SystemCallNumber number, SystemCallHandler handler, SystemCallSupport support = SystemCallSupport.Full, int heapBytes = 0, string notes = "")
    {
        if (entries[(int)number].Support != SystemCallSupport.None)
        {
            throw new InvalidOperationException("A system call was entered twice.");
        }

        entries[(int)number] = new SystemCallEntry((int)number, handler, support, heapBytes, notes);
    }

    /// <summary>
    /// The row for what a program put into RAX. Linux looks at the low 32 bits. The last slot, which has no call, stands for all numbers
    /// beyond the table.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SystemCallEntry Find(ulong number) => entries[Math.Min((uint)number, Size - 1) & (Size - 1)];

    private static Result NotSupported(Task task, in SystemCallArguments arguments)
    {
        ulong number = task.Thread.Registers.OriginalRax;
        SystemCallEntry entry = task.Kernel.SystemCalls.Find(number);
        if (!entry.IsReported)
        {
            entry.IsReported = true;
            task.Kernel.ReportUnsupported(task, entry, number);
        }

        return Errno.ENOSYS;
    }
}

using System.Runtime.CompilerServices;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>
/// A system call's use of an open file: where other tasks share the descriptor table, and could close the descriptor while the call waits,
/// the description is held until the use is disposed.
/// </summary>
internal readonly ref struct FileUse
{
    private readonly Task task;
    private readonly bool isHeld;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FileUse(Task task, OpenFile? file)
    {
        this.task = task;
        File = file;
        if (task.Files.IsShared && file is not null)
        {
            file.AddOwner();
            isHeld = true;
        }
    }

    /// <summary>The description; null: EBADF.</summary>
    public OpenFile? File { get; }

    /// <summary>A file that can be worked with: not one that was opened with O_PATH.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FileUse Of(Task task, int descriptor)
    {
        bool isFound = task.Files.TryGet(descriptor, out OpenFile? file) && (file.StatusFlags & OpenFlags.PathOnly) == 0;
        return new FileUse(task, isFound ? file : null);
    }

    /// <summary>Any file, for the calls that take O_PATH too.</summary>
    public static FileUse OfAny(Task task, int descriptor)
    {
        task.Files.TryGet(descriptor, out OpenFile? file);
        return new FileUse(task, file);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (isHeld)
        {
            File!.Release(task);
        }
    }
}

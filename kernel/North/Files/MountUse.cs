using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>Whether somebody is in a mount: a working directory, a root, or an open file (umount(2), EBUSY).</summary>
internal static class MountUse
{
    public static bool IsUsed(LinuxKernel kernel, Mount mount)
    {
        for (Process? process = kernel.Processes.NextProcess(0); process is not null; process = kernel.Processes.NextProcess(process.Id))
        {
            for (Task? task = process.FirstTask; task is not null; task = task.NextInProcess)
            {
                if (task.FileSystemContext.Root.Mount == mount || task.FileSystemContext.WorkingDirectory.Mount == mount || HasOpenFile(task.Files, mount))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasOpenFile(FileTable files, Mount mount)
    {
        for (int descriptor = 0; descriptor < files.Capacity; descriptor++)
        {
            if (files.TryGet(descriptor, out OpenFile? file) && file.Location.Mount == mount)
            {
                return true;
            }
        }

        return false;
    }
}

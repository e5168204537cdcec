using LiteBox.North.Processes;
using LiteBox.North.Signals;

namespace LiteBox.North.Memory;

/// <summary>
/// What happens when a page is needed and no frame is left: the process with the most pages is killed, as Linux's OOM killer does
/// (oom_score_adj counts), never pid 1 unless it is alone; and the asker waits until that has freed something.
/// </summary>
internal static class OutOfMemory
{
    /// <summary>How often the asker lets others run before it gives up.</summary>
    private const int MaximumYields = 10_000;

    /// <summary>Frames that have to be free before the asker tries again.</summary>
    private const long Enough = 16;

    /// <summary>Kills and waits. False: the asker itself has to go.</summary>
    public static bool TryMakeRoom(Task asker)
    {
        LinuxKernel kernel = asker.Kernel;
        if (asker.Process.IsEnding)
        {
            return false;
        }

        Process victim = Choose(kernel);
        if (!victim.IsEnding)
        {
            kernel.Machine.Log($"litebox: out of memory: killing process {victim.Id}");
            victim.BeginEnd(WaitStatuses.Killed(SignalNumber.SIGKILL));
        }

        if (victim == asker.Process)
        {
            return false;
        }

        for (int i = 0; i < MaximumYields && kernel.Machine.Frames.FreeCount < Enough; i++)
        {
            kernel.Machine.Scheduler.Yield();
            if (asker.Process.IsEnding)
            {
                return false;
            }
        }

        return kernel.Machine.Frames.FreeCount >= Enough;
    }

    private static Process Choose(LinuxKernel kernel)
    {
        Process worst = kernel.Processes.FindProcess(1)!;
        long worstScore = -1;
        for (Process? process = kernel.Processes.NextProcess(1); process is not null; process = kernel.Processes.NextProcess(process.Id))
        {
            if (process.Memory is null || process.OutOfMemoryAdjustment <= -1000)
            {
                continue;
            }

            long pages = process.Memory.CountResidentPages();
            long score = pages + (process.OutOfMemoryAdjustment * (kernel.Machine.Frames.TotalCount / 1000));
            if (score > worstScore)
            {
                worst = process;
                worstScore = score;
            }
        }

        return worst;
    }
}

using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>/proc/PID/stat: one line of 52 fields (proc(5), "/proc/pid/stat"; fs/proc/array.c, do_task_stat).</summary>
internal static class ProcessStatText
{
    private const ulong Flags = 0x40_0100; // PF_SUPERPRIV | PF_RANDOMIZE, as a program started by root has them
    private const int DefaultPriority = 20;

    public static Errno Write(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        Process process = subject.Process;
        Task? task = subject.Task;
        AddressSpace? memory = process.Memory;
        bool mayInspect = subject.MayInspect(reader);
        ProgramLayout layout = memory is null || !mayInspect ? default : memory.Layout;
        ControllingTerminal? terminal = process.Session.ControllingTerminal;
        ProcessStateText.GetSignalMasks(process, out ulong ignored, out ulong caught);

        text.Add(task?.Id ?? process.Id);
        text.Add(" ("u8);
        text.Add(ProcessTexts.NameOf(subject));
        text.Add(") "u8);
        text.Add((byte)ProcessStateText.LetterOf(subject));
        Add(ref text, process.Parent?.Id ?? 0);
        Add(ref text, process.Group.Id);
        Add(ref text, process.Session.Id);
        Add(ref text, terminal is null ? 0 : (long)terminal.DeviceNumber);
        Add(ref text, terminal is null ? -1 : terminal.ForegroundGroup?.Id ?? -1);
        Add(ref text, Flags);
        Add(ref text, process.FaultCount);
        Add(ref text, process.ChildrenFaultCount);
        Add(ref text, 0); // major faults: there is nothing to read from disk
        Add(ref text, 0);
        Add(ref text, ProcessStateText.ToTicks(process.RunTime));
        Add(ref text, 0); // time is not split between user and system
        Add(ref text, ProcessStateText.ToTicks(process.ChildrenRunTime));
        Add(ref text, 0);
        Add(ref text, DefaultPriority + process.Nice);
        Add(ref text, process.Nice);
        Add(ref text, process.TaskCount);
        Add(ref text, 0); // itrealvalue
        Add(ref text, ProcessStateText.ToTicks(process.StartTime));
        Add(ref text, memory?.MappedBytes ?? 0);
        Add(ref text, memory?.CountResidentPages() ?? 0);
        Add(ref text, process.Limits[Resource.ResidentSet].Current);
        Add(ref text, layout.CodeStart.Value);
        Add(ref text, layout.CodeEnd.Value);
        Add(ref text, layout.StackStart.Value);
        Add(ref text, 0); // kstkesp, kstkeip: shown for exiting processes only
        Add(ref text, 0);
        Add(ref text, (task?.PendingSignals.Mask ?? 0) & 0x7FFF_FFFF);
        Add(ref text, (task?.BlockedSignals ?? 0) & 0x7FFF_FFFF);
        Add(ref text, ignored & 0x7FFF_FFFF);
        Add(ref text, caught & 0x7FFF_FFFF);
        Add(ref text, task is { Thread.IsWaiting: true } && mayInspect ? 1 : 0);
        Add(ref text, 0); // nswap, cnswap
        Add(ref text, 0);
        Add(ref text, process.ExitSignal);
        Add(ref text, 0); // processor
        Add(ref text, 0); // rt_priority, policy
        Add(ref text, 0);
        Add(ref text, 0); // delayacct_blkio_ticks, guest_time, cguest_time
        Add(ref text, 0);
        Add(ref text, 0);
        Add(ref text, layout.DataStart.Value);
        Add(ref text, layout.DataEnd.Value);
        Add(ref text, memory is null || !mayInspect ? 0 : memory.HeapStart.Value);
        Add(ref text, layout.ArgumentStart.Value);
        Add(ref text, layout.ArgumentEnd.Value);
        Add(ref text, layout.EnvironmentStart.Value);
        Add(ref text, layout.EnvironmentEnd.Value);
        Add(ref text, mayInspect ? process.WaitStatus : 0);
        text.Add((byte)'\n');
        return Errno.None;
    }

    private static void Add(ref TextWriter text, long value)
    {
        text.Add((byte)' ');
        text.Add(value);
    }

    private static void Add(ref TextWriter text, ulong value)
    {
        text.Add((byte)' ');
        text.AddUnsigned(value);
    }
}

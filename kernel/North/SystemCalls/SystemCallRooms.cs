using LiteBox.North.Files;
using LiteBox.North.Futexes;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.Programs;
using LiteBox.North.Signals;
using LiteBox.North.Time;

namespace LiteBox.North.SystemCalls;

/// <summary>Every room that has system calls, so that the table is complete wherever it is made.</summary>
internal static class SystemCallRooms
{
    /// <summary>Enters all calls.</summary>
    public static void AddAll(SystemCallTable table)
    {
        FileCalls.AddTo(table);
        MemoryCalls.AddTo(table);
        ProcessCalls.AddTo(table);
        IdentityCalls.AddTo(table);
        ProgramCalls.AddTo(table);
        WaitCalls.AddTo(table);
        SchedulingCalls.AddTo(table);
        SystemInformationCalls.AddTo(table);
        SignalCalls.AddTo(table);
        TimeCalls.AddTo(table);
        FutexCalls.AddTo(table);
    }
}

using LiteBox.North.Randomness;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>Enters the system calls on files into the table.</summary>
internal static class FileCalls
{
    public static void AddTo(SystemCallTable table)
    {
        ReadWriteCalls.AddTo(table);
        VectorCalls.AddTo(table);
        OpenCalls.AddTo(table);
        DescriptorCalls.AddTo(table);
        FileControlCalls.AddTo(table);
        StatusCalls.AddTo(table);
        DirectoryCalls.AddTo(table);
        NameCalls.AddTo(table);
        RenameCalls.AddTo(table);
        AttributeCalls.AddTo(table);
        FileTimeCalls.AddTo(table);
        TransferCalls.AddTo(table);
        SyncCalls.AddTo(table);
        MountCalls.AddTo(table);
        MemoryFileCalls.AddTo(table);
        ExtendedAttributeCalls.AddTo(table);
        PollCalls.AddTo(table);
        SelectCalls.AddTo(table);
        EventCounter.AddTo(table);
        RandomCalls.AddTo(table);
    }
}

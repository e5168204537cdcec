namespace LiteBox.Stubs.SnpMachine;

/// <summary>The stubs of the software SNP machine.</summary>
internal static class SnpMachineStubs
{
    public static void AddTo(StubSet set)
    {
        ResetStubs.AddTo(set);
        FaultStubs.AddTo(set);
        WorldSwitchStubs.AddTo(set);
        InstructionStubs.AddTo(set);
    }
}

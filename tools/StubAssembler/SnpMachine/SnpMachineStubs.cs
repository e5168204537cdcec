namespace LiteBox.Stubs.SnpMachine;

/// <summary>The stubs of the software SNP machine.</summary>
internal static class SnpMachineStubs
{
    public static void AddTo(StubSet set)
    {
    }
}

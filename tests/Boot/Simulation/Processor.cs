namespace LiteBox.Boot;

/// <summary>What the application asks of the processor.</summary>
internal static class Processor
{
    public static ulong Timestamp => 1;

    public static bool HasFiveLevelPaging { get; set; }

    public static ulong EncryptionMask { get; set; }

    public static void EnterKernel(ulong pageTables, ulong entryPoint, ulong stackTop, ulong argument) =>
        throw new System.InvalidOperationException("The tests have no kernel to enter.");
}

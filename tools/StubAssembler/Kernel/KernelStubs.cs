namespace LiteBox.Stubs.Kernel;

/// <summary>The stubs of the kernel.</summary>
internal static class KernelStubs
{
    public static void AddTo(StubSet set)
    {
    }
}

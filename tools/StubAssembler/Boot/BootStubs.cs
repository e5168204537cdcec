namespace LiteBox.Stubs.Boot;

/// <summary>The stubs of the UEFI application.</summary>
internal static class BootStubs
{
    public static void AddTo(StubSet set)
    {
    }
}

namespace LiteBox.North.Programs;

/// <summary>The segment selectors and flags that a 64-bit Linux program sees in its own registers (arch/x86/include/asm/segment.h).</summary>
internal static class UserSelectors
{
    /// <summary>__USER_CS.</summary>
    public const ulong Code = 0x33;

    /// <summary>__USER_DS.</summary>
    public const ulong Data = 0x2B;

    /// <summary>RFLAGS.IF, which user mode always has set.</summary>
    public const ulong InterruptFlag = 0x200;
}

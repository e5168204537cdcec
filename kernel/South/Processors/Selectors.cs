namespace LiteBox.South.Processors;

/// <summary>
/// Segment selectors: the layout of the descriptor table, in the order that SYSCALL and SYSRET want (APM volume 2, 6.1.1): SYSCALL takes CS from
/// STAR[47:32] and SS from 8 above; SYSRET takes SS from STAR[63:48] + 8 and CS from STAR[63:48] + 16. The numbers of user mode are Linux's, which
/// programs can see (arch/x86/include/asm/segment.h).
/// </summary>
internal static class Selectors
{
    internal const ushort KernelCode = 0x10;
    internal const ushort KernelData = 0x18;

    /// <summary>STAR[63:48] with requested privilege level 3; its own descriptor, 32-bit code, stays empty: programs are 64-bit.</summary>
    internal const ushort UserBase = 0x23;

    internal const ushort UserData = 0x2B;
    internal const ushort UserCode = 0x33;
    internal const ushort TaskState = 0x40;

    /// <summary>The bits of a selector that say with which privilege it was loaded.</summary>
    internal const ushort PrivilegeMask = 3;
}

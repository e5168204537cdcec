using LiteBox.Platform;

namespace LiteBox.South.Exceptions;

/// <summary>The error code of a page fault (APM volume 2, 8.4.2).</summary>
internal readonly struct PageFaultError
{
    private const ulong WriteBit = 1 << 1;
    private const ulong UserBit = 1 << 2;
    private const ulong ReservedBit = 1 << 3;
    private const ulong InstructionBit = 1 << 4;

    private readonly ulong code;

    internal PageFaultError(ulong code) => this.code = code;

    /// <summary>The access came from user mode.</summary>
    internal bool FromUserMode => (code & UserBit) != 0;

    /// <summary>
    /// Something that a page-table entry's protection bits cannot cause: a reserved bit was set, or one of the newer bits (protection key, shadow
    /// stack, RMP) speaks of a feature that is not in use. The tables are damaged, or somebody lies (T9).
    /// </summary>
    internal bool IsImpossible => (code & ReservedBit) != 0 || (code >> 5) != 0;

    /// <summary>What was tried.</summary>
    internal PageAccess Access =>
        (code & InstructionBit) != 0 ? PageAccess.Execute
        : (code & WriteBit) != 0 ? PageAccess.Write
        : PageAccess.Read;
}

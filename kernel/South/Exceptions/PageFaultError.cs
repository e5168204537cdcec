using System.Runtime.CompilerServices;
using LiteBox.Platform;

namespace LiteBox.South.Exceptions;

/// <summary>The error code of a page fault (APM volume 2, 8.4.2).</summary>
internal readonly struct PageFaultError
{
    private const ulong PresentBit = 1 << 0;
    private const ulong WriteBit = 1 << 1;
    private const ulong UserBit = 1 << 2;
    private const ulong InstructionBit = 1 << 4;

    /// <summary>What a protection bit of an entry can cause.</summary>
    private const ulong KnownBits = PresentBit | WriteBit | UserBit | InstructionBit;

    private readonly ulong code;

    internal PageFaultError(ulong code) => this.code = code;

    /// <summary>The access came from user mode.</summary>
    internal bool FromUserMode => (code & UserBit) != 0;

    /// <summary>
    /// Something that a page-table entry's protection bits cannot cause: a reserved bit was set, or one of the newer bits (protection key, shadow
    /// stack, RMP) speaks of a feature that is not in use. The tables are damaged, or somebody lies (T9).
    /// </summary>
    internal bool IsImpossible => (code & ~KnownBits) != 0;

    /// <summary>
    /// True where the page tables, as they are, cause this fault at a user address: the page is absent or present as the processor says, and where it is present it
    /// does not allow the access. SECURITY: else CR2 or the error code was forged (T9). No stale translation explains it, for whoever changes an entry flushes it.
    /// </summary>
    internal bool Agrees(PageTable tables, UserAddress address)
    {
        PageProtection allowed = tables.TryLookup(address.PageStart, out _, out PageProtection protection) ? protection : PageProtection.None;
        bool isPresent = allowed != PageProtection.None;
        return !IsImpossible && isPresent == ((code & PresentBit) != 0) && !(isPresent && Allows(allowed, Access));
    }

    private static bool Allows(PageProtection protection, PageAccess access) => access switch
    {
        PageAccess.Execute => (protection & PageProtection.Execute) != 0,
        PageAccess.Write => (protection & PageProtection.Write) != 0,
        _ => true,
    };

    /// <summary>What was tried.</summary>
    internal PageAccess Access
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (code & InstructionBit) != 0 ? PageAccess.Execute
            : (code & WriteBit) != 0 ? PageAccess.Write
            : PageAccess.Read;
    }
}

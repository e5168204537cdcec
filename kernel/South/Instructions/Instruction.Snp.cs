using System.Runtime;
using System.Runtime.CompilerServices;

namespace LiteBox.South.Instructions;

/// <summary>The instructions of an SNP guest.</summary>
internal static unsafe partial class Instruction
{
    /// <summary>VMGEXIT: asks the host what the GHCB, or the GHCB's MSR, says (APM volume 2, 15.35.6).</summary>
    [RuntimeImport("ExitToHost"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void ExitToHost();

    /// <summary>
    /// PVALIDATE of the page mapped at an address (APM volume 3): <paramref name="size"/> 0 for 4 KiB, 1 for 2 MiB; <paramref name="validate"/> 1 or 0.
    /// Bits 7:0 of the answer are its result, 0 for success; bit 8 is set where nothing changed.
    /// </summary>
    [RuntimeImport("ValidatePage"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern int ValidatePage(ulong address, uint size, uint validate);

    /// <summary>
    /// RMPADJUST of the page mapped at an address (APM volume 3): bits 7:0 of <paramref name="attributes"/> are the privilege level meant, 15:8 what it may do,
    /// 16 whether the page is a VMSA. Bits 7:0 of the answer are its result, 0 for success.
    /// </summary>
    [RuntimeImport("AdjustPage"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern int AdjustPage(ulong address, uint size, ulong attributes);
}

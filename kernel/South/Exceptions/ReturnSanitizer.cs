using LiteBox.Platform;
using LiteBox.South.Processors;

namespace LiteBox.South.Exceptions;

/// <summary>Makes registers safe to return to user mode with, whatever North or a program's signal frame put there.</summary>
internal static class ReturnSanitizer
{
    /// <summary>User selectors, and no flag that is not a program's to set. IRET loads any RSP; RIP is <see cref="IsReturnable"/>'s.</summary>
    internal static void Sanitize(ref UserRegisters registers)
    {
        registers.Cs = Selectors.UserCode;
        registers.Ss = Selectors.UserData;
        registers.Rflags = (registers.Rflags & Rflags.UserMayChange) | Rflags.AlwaysSet | Rflags.Interrupt;
    }

    /// <summary>
    /// True where RIP lies in the user half. SECURITY: with another RIP, IRET and SYSRET would fault in the kernel (T67); the program gets the general
    /// protection fault instead that the jump would have been.
    /// </summary>
    internal static bool IsReturnable(in UserRegisters registers) => registers.Rip < UserAddress.Limit;
}

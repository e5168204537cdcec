namespace LiteBox.South.Snp;

/// <summary>
/// Whether the guest has the highest privilege level, VMPL0, to itself (T34). Below an SVSM each PVALIDATE and RMPADJUST is a call to it (58019); this kernel makes
/// none, so it refuses.
/// </summary>
internal static unsafe class PrivilegeLevel
{
    // The secrets page's words about an SVSM (58019, 4; Linux, struct snp_secrets_page): its size, and the level that it left to the guest.
    private const int SvsmSizeOffset = 0x148;
    private const int SvsmGuestLevelOffset = 0x15C;

    /// <summary>RMPADJUST's attributes: VMPL1 may do nothing with the page. Only VMPL0 may say so.</summary>
    private const ulong NothingForLevelOne = 1;

    /// <summary>Null, or why this kernel must not run here.</summary>
    /// <param name="secrets">The launch's secrets page.</param>
    /// <param name="trialPage">Address of a private page of the kernel's, for the trial.</param>
    // SAFETY: the secrets page is 4 KiB of the guest's own memory.
    public static string? FindProblem(byte* secrets, PageInstructions instructions, ulong trialPage)
    {
        if (*(ulong*)(secrets + SvsmSizeOffset) != 0 || secrets[SvsmGuestLevelOffset] != 0)
        {
            return "an SVSM holds VMPL0, and this kernel does not know how to ask it";
        }

        return instructions.Adjust(trialPage, NothingForLevelOne) == PageResult.Success ? null : "the guest does not run at VMPL0";
    }
}

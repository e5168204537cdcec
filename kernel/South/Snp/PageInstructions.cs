using System.Threading;
using LiteBox.South.Instructions;

namespace LiteBox.South.Snp;

/// <summary>What PVALIDATE and RMPADJUST say (APM volume 3).</summary>
internal enum PageResult
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>FAIL_SIZEMISMATCH: the page's RMP entry, or the host's mapping of it, is of the other size.</summary>
    SizeMismatch = 6,
}

/// <summary>The processor's instructions for page states: what tests replace by a model of the RMP.</summary>
internal abstract class PageInstructions
{
    /// <summary>
    /// PVALIDATE of the page that is mapped at an address, of 2 MiB or 4 KiB. <paramref name="hasChanged"/> is false where the page was in that state
    /// already (the carry flag).
    /// </summary>
    public abstract PageResult Validate(ulong address, bool isLarge, bool validate, out bool hasChanged);

    /// <summary>RMPADJUST of a small page: what a lower privilege level may do with it. <paramref name="attributes"/> as RDX has it.</summary>
    public abstract PageResult Adjust(ulong address, ulong attributes);

    /// <summary>Loads a byte and forgets it.</summary>
    public abstract void Touch(ulong address);
}

/// <summary>The processor's own.</summary>
internal sealed unsafe class MachinePageInstructions : PageInstructions
{
    private const int ResultMask = 0xFF;
    private const int Unchanged = 0x100;

    /// <inheritdoc/>
    // SAFETY: the instruction changes no memory; the caller owns the page and says what becomes of it.
    public override PageResult Validate(ulong address, bool isLarge, bool validate, out bool hasChanged)
    {
        int answer = Instruction.ValidatePage(address, isLarge ? 1u : 0u, validate ? 1u : 0u);
        hasChanged = (answer & Unchanged) == 0;
        return (PageResult)(answer & ResultMask);
    }

    /// <inheritdoc/>
    // SAFETY: as above; levels below this one run nothing.
    public override PageResult Adjust(ulong address, ulong attributes) => (PageResult)(Instruction.AdjustPage(address, 0, attributes) & ResultMask);

    /// <inheritdoc/>
    // SAFETY: the caller names a page of its own that is mapped and validated.
    public override void Touch(ulong address) => Volatile.Read(ref *(byte*)address);
}

using LiteBox.South.Memory;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>
/// Validates and rescinds the guest's own pages through the direct map, each only in the state that the guest's own map says (T25). What the processor
/// answers otherwise ends the guest.
/// </summary>
internal sealed unsafe class PageValidation
{
    private readonly PageInstructions instructions;
    private readonly bool evicts;

    /// <param name="evicts">Whether cache lines of validated pages must be evicted (<see cref="Evict"/>).</param>
    public PageValidation(PageInstructions instructions, bool evicts)
    {
        this.instructions = instructions;
        this.evicts = evicts;
    }

    /// <summary>Which frames are validated.</summary>
    public ValidationMap Map { get; } = new();

    /// <summary>Pages of 2 MiB validated so far.</summary>
    public long LargeCount { get; private set; }

    /// <summary>Pages of 4 KiB validated so far.</summary>
    public long SmallCount { get; private set; }

    /// <summary>
    /// Validates frames that the host has been asked to assign, blocks of 2 MiB first; where the RMP has a block in small pages, these one by one (T29).
    /// </summary>
    public void Validate(uint first, uint count)
    {
        if (!Map.TryValidate(first, (ulong)first + count))
        {
            // SECURITY: a second validation would let the host choose between two pages of its own (T25). The first defence is this map, the second the carry flag.
            HostBreach.Stop(StopReason.PageStateBroken, "memory was to be validated twice", PhysicalAddress.OfFrame(first));
        }

        uint frame = first;
        while (frame - first < count)
        {
            bool isBlock = frame % PageSize.FramesPerLarge == 0 && count - (frame - first) >= PageSize.FramesPerLarge;
            uint length = isBlock ? (uint)PageSize.FramesPerLarge : 1;
            if (isBlock && TryValidateBlock(frame))
            {
                LargeCount++;
            }
            else
            {
                ValidateSmall(frame, length);
            }

            Evict(frame, length);
            frame += length;
        }
    }

    /// <summary>Gives up the validation of one frame: its contents are lost, and the host may be asked to share it.</summary>
    public void Rescind(uint frame)
    {
        if (!Map.TryRescind(frame, (ulong)frame + 1)
            || instructions.Validate(AddressOf(frame), false, false, out bool hasChanged) != PageResult.Success || !hasChanged)
        {
            HostBreach.Stop(StopReason.PageStateBroken, "a page cannot be given up", PhysicalAddress.OfFrame(frame));
        }
    }

    private bool TryValidateBlock(uint frame)
    {
        PageResult result = instructions.Validate(AddressOf(frame), true, true, out bool hasChanged);
        if (result != PageResult.SizeMismatch)
        {
            Check(frame, result, hasChanged);
        }

        return result == PageResult.Success;
    }

    private void ValidateSmall(uint first, uint count)
    {
        for (uint frame = first; frame < first + count; frame++)
        {
            PageResult result = instructions.Validate(AddressOf(frame), false, true, out bool hasChanged);
            Check(frame, result, hasChanged);
            SmallCount++;
        }
    }

    /// <summary>Not changed (the carry flag): the page was validated behind the guest's back, so somebody has put another one in its place.</summary>
    private static void Check(uint frame, PageResult result, bool hasChanged)
    {
        if (result != PageResult.Success)
        {
            HostBreach.Stop(StopReason.PageStateBroken, "a page cannot be validated", PhysicalAddress.OfFrame(frame));
        }

        if (!hasChanged)
        {
            HostBreach.Stop(StopReason.PageStateBroken, "a page was validated already", PhysicalAddress.OfFrame(frame));
        }
    }

    /// <summary>
    /// Drops what caches may still hold of the page under the host's key: a read of the first and the last line of each small page does (CVE-2025-38560;
    /// T28). Processors that need it not say so.
    /// </summary>
    private void Evict(uint first, uint count)
    {
        for (uint frame = first; evicts && frame < first + count; frame++)
        {
            instructions.Touch(AddressOf(frame));
            instructions.Touch(AddressOf(frame) + PageSize.Bytes - 1);
        }
    }

    // SAFETY: the direct map has the frame; only its address is taken.
    private static ulong AddressOf(uint frame) => (ulong)FrameDatabase.Bytes(frame);
}

using System;
using System.Collections.Generic;
using LiteBox.South.Memory;
using LiteBox.South.Snp;

namespace LiteBox.South.Tests.Snp;

/// <summary>
/// The processor's side of page states (APM volume 2, 15.36) over the simulated memory: which frames are assigned, and which of them validated. A test
/// plays the host by changing it: a remapped frame is assigned and not validated, or validated although the guest knows nothing of it.
/// </summary>
internal unsafe class RmpModel : PageInstructions
{
    private readonly bool[] assigned = new bool[PhysicalMemory.FrameCount];
    private readonly bool[] validated = new bool[PhysicalMemory.FrameCount];

    /// <summary>All of memory validated, as firmware leaves it.</summary>
    public RmpModel()
    {
        Array.Fill(assigned, true);
        Array.Fill(validated, true);
    }

    /// <summary>What happened, in order; others add their events.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>Addresses that were touched, as offsets in memory.</summary>
    public List<ulong> Touched { get; } = [];

    /// <summary>Blocks whose RMP entries are small pages.</summary>
    public HashSet<uint> SmallBlocks { get; } = [];

    /// <summary>What PVALIDATE and RMPADJUST answer, if not what the model says.</summary>
    public PageResult? Answer { get; set; }

    public bool IsValidated(uint frame) => validated[frame];

    /// <summary>The host's RMPUPDATE: validation is lost.</summary>
    public void Give(uint first, uint count, bool toGuest = true)
    {
        Array.Fill(assigned, toGuest, (int)first, (int)count);
        Array.Fill(validated, false, (int)first, (int)count);
    }

    /// <summary>The same, and the contents are another's.</summary>
    public void Assign(uint first, uint count, bool toGuest)
    {
        Give(first, count, toGuest);
        new Span<byte>(FrameDatabase.Bytes(first), (int)count * PageSize.Bytes).Fill(0xC3);
    }

    /// <summary>The attack: another page, validated before, is put in a frame's place.</summary>
    public void Swap(uint frame) => (assigned[frame], validated[frame]) = (true, true);

    public override PageResult Validate(ulong address, bool isLarge, bool validate, out bool hasChanged)
    {
        uint first = FrameOf(address);
        uint count = isLarge ? (uint)PageSize.FramesPerLarge : 1;
        Trace.Add($"pvalidate {first:x} {(isLarge ? "2M" : "4K")} {(validate ? 1 : 0)}");
        hasChanged = false;
        if (Answer is { } answer)
        {
            return answer;
        }

        if (isLarge && SmallBlocks.Contains(first))
        {
            return PageResult.SizeMismatch;
        }

        for (uint frame = first; frame < first + count; frame++)
        {
            if (!assigned[frame])
            {
                throw new InvalidOperationException($"Frame {frame:x} is not the guest's: #NPF for ever.");
            }

            hasChanged |= validated[frame] != validate;
            validated[frame] = validate;
        }

        return PageResult.Success;
    }

    public override PageResult Adjust(ulong address, ulong attributes)
    {
        Trace.Add($"rmpadjust {FrameOf(address):x} {attributes:x}");
        return Answer ?? PageResult.Success;
    }

    public override void Touch(ulong address)
    {
        if (!validated[FrameOf(address)])
        {
            throw new InvalidOperationException($"Frame {FrameOf(address):x} was touched before it was validated.");
        }

        Touched.Add(address - PhysicalMemory.Base);
    }

    private static uint FrameOf(ulong address) => (uint)((address - PhysicalMemory.Base) >> PageSize.Shift);
}

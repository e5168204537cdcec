using System;
using LiteBox.South.Memory;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>
/// Accepts what firmware left unaccepted. The host is asked for as much at once as fits into one exit, up to 506 MiB; a block is mapped and validated when it is
/// wanted, so that neither exits nor waiting times grow with memory.
/// </summary>
internal sealed class MemoryAcceptance : MemoryAcceptor
{
    private readonly Ghcb ghcb;
    private readonly PageValidation validation;
    private ulong assignedStart;
    private ulong assignedEnd;

    public MemoryAcceptance(HostConnection connection)
    {
        ghcb = connection.Ghcb;
        validation = connection.Validation;
    }

    /// <inheritdoc/>
    public override void Expect(ulong start, ulong end)
    {
        if (!validation.Map.TryRescind(start, end))
        {
            HostBreach.Stop(StopReason.PageStateBroken, "memory is said to be unaccepted twice", PhysicalAddress.OfFrame((uint)start));
        }
    }

    /// <inheritdoc/>
    public override void Accept(uint first, uint count, ulong rangeEnd)
    {
        if (first < assignedStart || first >= assignedEnd)
        {
            assignedStart = first;
            assignedEnd = first;
        }

        while (assignedEnd < (ulong)first + count)
        {
            Assign(rangeEnd);
        }

        KernelPageTable.MapDirectly(first);
        validation.Validate(first, count);
    }

    /// <summary>Asks the host for the frames behind those that it was asked for last: one exit.</summary>
    private void Assign(ulong rangeEnd)
    {
        Span<ulong> entries = stackalloc ulong[Ghcb.PageStateCapacity];
        int count = 0;
        ulong frame = assignedEnd;
        while (count < entries.Length && frame < rangeEnd)
        {
            bool isBlock = frame % PageSize.FramesPerLarge == 0 && rangeEnd - frame >= PageSize.FramesPerLarge;
            entries[count++] = isBlock ? PageStateEntry.PrivateBlock((uint)frame) : PageStateEntry.PrivateFrame((uint)frame);
            frame += isBlock ? (ulong)PageSize.FramesPerLarge : 1;
        }

        if (!ghcb.TryChangePageStates(entries[..count]))
        {
            HostBreach.Stop(StopReason.HostBrokeProtocol, "the host does not give memory that the guest has", PhysicalAddress.OfFrame((uint)assignedEnd));
        }

        assignedEnd = frame;
    }
}

using LiteBox.South.Instructions;

namespace LiteBox.South.Snp;

/// <summary>The way to the host: the one thing about it that tests replace, by a host that lies.</summary>
internal abstract class HostExit
{
    /// <summary>The MSR that holds the GHCB's address, or a request that fits into it (56421, 2.3.1).</summary>
    public abstract ulong GhcbMsr { get; set; }

    /// <summary>Lets the host read the request and answer it.</summary>
    public abstract void Exit();
}

/// <summary>The host of the machine.</summary>
internal sealed class MachineHostExit : HostExit
{
    /// <summary>The GHCB's MSR (APM volume 2, 15.35.6).</summary>
    internal const uint GhcbMsrNumber = 0xC001_0130;

    /// <inheritdoc/>
    // SAFETY: the register is the guest's own mailbox; neither access is intercepted.
    public override ulong GhcbMsr
    {
        get => Instruction.ReadMsr(GhcbMsrNumber);
        set => Instruction.WriteMsr(GhcbMsrNumber, value);
    }

    /// <inheritdoc/>
    // SAFETY: the host sees the shared page and the MSR, and changes nothing else.
    public override void Exit() => Instruction.ExitToHost();
}

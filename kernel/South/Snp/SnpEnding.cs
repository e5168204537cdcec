using LiteBox.Platform;
using LiteBox.South.Instructions;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>A stop in an SNP guest: the host is asked to end it, with the reason's number (T14, T23).</summary>
internal sealed class SnpEnding : StopEnding
{
    private readonly GhcbMsrProtocol protocol;

    public SnpEnding(HostExit host) => protocol = new GhcbMsrProtocol(host);

    /// <summary>Whose keys do not outlive the guest (T61); null before there are any.</summary>
    internal AttestationDevice? Attestation { get; set; }

    /// <summary>The end while there are no objects yet. What the host answers does not matter any more.</summary>
    // SAFETY: the register is the guest's own mailbox.
    internal static void EndEarly(StopReason reason)
    {
        Instruction.WriteMsr(MachineHostExit.GhcbMsrNumber, GhcbMsrProtocol.Termination((byte)reason));
        Instruction.ExitToHost();
    }

    /// <summary>The one thing that a release image says of its workload: a status that is not 0, as a request to end the guest.</summary>
    internal void TellStatus(byte status) => protocol.TellStatus(status);

    /// <inheritdoc/>
    internal override void End(StopReason reason)
    {
        Attestation?.ForgetKeys();
        protocol.Terminate((byte)reason);
    }
}

using LiteBox.Platform;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>A stop in an SNP guest: the host is asked to end it, with the reason's number (T14, T23).</summary>
internal sealed class SnpEnding : StopEnding
{
    private readonly GhcbMsrProtocol protocol;

    public SnpEnding(HostExit host) => protocol = new GhcbMsrProtocol(host);

    /// <summary>Whose keys do not outlive the guest (T61); null before there are any.</summary>
    internal AttestationDevice? Attestation { get; set; }

    /// <inheritdoc/>
    internal override void End(StopReason reason)
    {
        Attestation?.ForgetKeys();
        protocol.Terminate((byte)reason);
    }
}

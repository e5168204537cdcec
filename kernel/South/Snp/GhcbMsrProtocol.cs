using LiteBox.South.Memory;

namespace LiteBox.South.Snp;

/// <summary>
/// Requests small enough for the GHCB's MSR (56421, 2.3.1): what a guest needs before it has a GHCB, and its end. Every answer is compared with
/// what was asked; false is a host that does not keep to the protocol.
/// </summary>
internal sealed class GhcbMsrProtocol
{
    private const ulong InformationMask = 0xFFF;
    private const ulong SevInformationRequest = 0x002;
    private const ulong SevInformationResponse = 0x001;
    private const ulong RegisterRequest = 0x012;
    private const ulong RegisterResponse = 0x013;
    private const ulong PageStateRequest = 0x014;
    private const ulong PageStateResponse = 0x015;
    private const ulong FeaturesRequest = 0x080;
    private const ulong FeaturesResponse = 0x081;
    private const ulong TerminateRequest = 0x100;

    private const int PageStateOperationShift = 52;
    private const ulong MakeShared = 2;

    /// <summary>Reason codes of our own; set 0 is the specification's, set 1 Linux's.</summary>
    private const ulong OwnReasonSet = 2;

    private const ulong StatusSet = 3;

    private readonly HostExit host;

    public GhcbMsrProtocol(HostExit host) => this.host = host;

    /// <summary>True where the host speaks version 2 and says where the C-bit is, as the processor does (T15).</summary>
    public bool TryNegotiate(int encryptionBit)
    {
        ulong answer = Ask(SevInformationRequest);
        ulong maximum = answer >> 48;
        ulong minimum = (answer >> 32) & 0xFFFF;
        return (answer & InformationMask) == SevInformationResponse
            && minimum <= GhcbPage.Version && maximum >= GhcbPage.Version
            && (int)((answer >> 24) & 0xFF) == encryptionBit;
    }

    /// <summary>What the host offers (56421, 4.1.12), SNP among it.</summary>
    public bool TryGetFeatures(out ulong features)
    {
        ulong answer = Ask(FeaturesRequest);
        features = answer >> 12;
        return (answer & InformationMask) == FeaturesResponse && (features & 1) != 0;
    }

    /// <summary>Makes a page the GHCB. The answer must name the same page (T16).</summary>
    public bool TryRegister(PhysicalAddress page)
    {
        ulong answer = Ask(page.Value | RegisterRequest);
        if (answer != (page.Value | RegisterResponse))
        {
            return false;
        }

        host.GhcbMsr = page.Value;
        return true;
    }

    /// <summary>Asks the host to treat a page as shared. The guest has given up its validation before.</summary>
    public bool TryShare(PhysicalAddress page) =>
        Ask(page.Value | (MakeShared << PageStateOperationShift) | PageStateRequest) == PageStateResponse;

    /// <summary>Asks the host to end the guest (T23). A host that does not leaves the caller to halt.</summary>
    public void Terminate(byte reason) => Ask(Termination(reason));

    /// <summary>The same with the exit status of the workload, in a set of its own: 128 + n where signal n killed it.</summary>
    public void TellStatus(byte status) => Ask(Termination(status, StatusSet));

    /// <summary>The request to end the guest.</summary>
    internal static ulong Termination(byte reason, ulong set = OwnReasonSet) => ((ulong)reason << 16) | (set << 12) | TerminateRequest;

    private ulong Ask(ulong request)
    {
        ulong before = host.GhcbMsr;
        host.GhcbMsr = request;
        host.Exit();
        ulong answer = host.GhcbMsr;
        host.GhcbMsr = before;
        return answer;
    }
}

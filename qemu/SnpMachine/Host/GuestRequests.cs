using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Memory;
using LiteBox.SnpMachine.SecurityProcessor;

namespace LiteBox.SnpMachine.Host;

/// <summary>
/// Carries guest messages to the security processor, for the extended request with the certificates that the operator gave
/// (56421, sections 4.1.7 and 4.1.8).
/// </summary>
internal static unsafe class GuestRequests
{
    private const ulong InvalidLength = 1UL << 32;

    private static byte* s_request;
    private static byte* s_response;

    public static void Initialise()
    {
        s_request = PageAllocator.Allocate(1);
        s_response = PageAllocator.Allocate(1);
    }

    public static EventAnswer Handle(GuestContext* context, ref GhcbRequest request, bool isExtended)
    {
        ulong requestPage = request.Info1;
        ulong responsePage = request.Info2;
        if (requestPage % PhysicalLayout.PageSize != 0 || responsePage % PhysicalLayout.PageSize != 0 || requestPage == responsePage)
        {
            Refusal.Answer(Rule.RequestNotAligned, requestPage);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        byte* shared = GuestMemory.Shared(requestPage, PhysicalLayout.PageSize);
        byte* answer = GuestMemory.Shared(responsePage, PhysicalLayout.PageSize);
        if (shared == null || answer == null)
        {
            Refusal.Answer(Rule.RequestNotShared, shared == null ? requestPage : responsePage);
            return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
        if (isExtended && !request.Has(rax: true, rbx: true))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        MachineConfiguration* machine = Launch.Configuration;
        if (isExtended && machine->CertificatesSize != 0)
        {
            ulong pages = (machine->CertificatesSize + PhysicalLayout.PageSize - 1) / PhysicalLayout.PageSize;
            if (request.Rbx < pages)
            {
                request.ReturnRbx(pages);
                return EventAnswer.Result(InvalidLength);
            }
            byte* certificates = GuestMemory.Shared(request.Rax, machine->CertificatesSize);
            if (certificates == null)
            {
                Refusal.Answer(Rule.RequestNotShared, request.Rax);
                return EventAnswer.Malformed(GhcbError.InvalidInput);
            }
            // SAFETY: the blob is in the machine's memory, and so many bytes of the guest's are shared.
            for (ulong i = 0; i < machine->CertificatesSize; i++)
            {
                certificates[i] = ((byte*)PhysicalLayout.Certificates)[i];
            }
        }
        // One copy, so that the guest cannot change the message while it is read.
        Page.Copy(s_request, shared);
        Page.Fill(s_response, 0);
        FirmwareStatus status = GuestMessages.Answer(s_request, s_response, machine, Launch.Guest);
        if (status == FirmwareStatus.Success)
        {
            Page.Copy(answer, s_response);
        }
        return EventAnswer.Result((ulong)status);
    }
}

using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Host;

/// <summary>The guest calls: by the MSR protocol when the GHCB MSR holds a request, by the GHCB page when it holds an address.</summary>
internal static unsafe class Vmgexit
{
    private const ulong RequestMask = 0xFFF;

    public static void Handle(VirtualCpu* cpu, GuestContext* context)
    {
        if ((context->GhcbMsr & RequestMask) != 0)
        {
            Counters.MsrProtocol++;
            MsrProtocol.Handle(cpu, context);
            return;
        }
        ulong address = context->GhcbMsr;
        if (address != context->RegisteredGhcb)
        {
            Refusal.Fatal(Rule.GhcbNotRegistered, address);
        }
        Ghcb* ghcb = (Ghcb*)GuestMemory.Shared(address, PhysicalLayout.PageSize);
        if (ghcb == null)
        {
            Refusal.Fatal(Rule.GhcbNotShared, address);
        }
        GhcbError error = GhcbRequest.Read(ghcb, address, out GhcbRequest request);
        EventAnswer answer = default;
        if (error == GhcbError.None)
        {
            Counters.Event(request.Code);
            Trace(cpu, in request);
            answer = GhcbEvents.Handle(cpu, context, ref request);
        }
        else
        {
            answer.Error = error;
        }
        // An event may have made the page private, or stopped this CPU: then nobody waits for an answer.
        if (GuestMemory.Shared(address, PhysicalLayout.PageSize) == null)
        {
            Refusal.Fatal(Rule.GhcbNotShared, address);
        }
        request.Write(answer.Error, answer.RaisesGeneralProtection, answer.Info2);
    }

    private static void Trace(VirtualCpu* cpu, in GhcbRequest request)
    {
        if ((SecurityProcessor.Launch.Configuration->Options & MachineOptions.Trace) == 0)
        {
            return;
        }
        Channel.Write(Channel.TextPort, "snp: cpu "u8);
        Channel.WriteDecimal(Channel.TextPort, cpu->Index);
        Channel.Write(Channel.TextPort, " event 0x"u8);
        Channel.WriteHex(Channel.TextPort, request.Code);
        Channel.Write(Channel.TextPort, " 0x"u8);
        Channel.WriteHex(Channel.TextPort, request.Info1);
        Channel.Write(Channel.TextPort, " 0x"u8);
        Channel.WriteHex(Channel.TextPort, request.Info2);
        Channel.Write(Channel.TextPort, "\n"u8);
    }
}

/// <summary>How an event ended: an error in the request, an exception for the guest, or its result.</summary>
internal struct EventAnswer
{
    public GhcbError Error;
    public bool RaisesGeneralProtection;
    public ulong Info2;

    public static EventAnswer Malformed(GhcbError error) => new() { Error = error };

    public static EventAnswer GeneralProtection => new() { RaisesGeneralProtection = true };

    public static EventAnswer Result(ulong info2) => new() { Info2 = info2 };
}

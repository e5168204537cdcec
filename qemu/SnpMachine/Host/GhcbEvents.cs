using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Host;

/// <summary>The events of the GHCB page (56421, section 4.1): checked as KVM checks them, then done.</summary>
internal static unsafe class GhcbEvents
{
    private const ulong MmioRead = 0x8000_0001;
    private const ulong MmioWrite = 0x8000_0002;
    private const ulong NmiComplete = 0x8000_0003;
    private const ulong ResetHold = 0x8000_0004;
    private const ulong JumpTable = 0x8000_0005;
    private const ulong PageState = 0x8000_0010;
    private const ulong GuestRequest = 0x8000_0011;
    private const ulong ExtendedGuestRequest = 0x8000_0012;
    private const ulong ApCreation = 0x8000_0013;
    private const ulong DoorbellPage = 0x8000_0014;
    private const ulong DoorbellIpi = 0x8000_0015;
    private const ulong DoorbellTimer = 0x8000_0016;
    private const ulong ApicIdList = 0x8000_0017;
    private const ulong RunVmpl = 0x8000_0018;
    private const ulong Features = 0x8000_FFFD;
    private const ulong Unsupported = 0x8000_FFFF;

    private const ulong Dr7Reset = 0x400;
    private const ulong NoSuchHypercall = unchecked((ulong)-1000);

    private static ulong s_jumpTable;

    public static EventAnswer Handle(VirtualCpu* cpu, GuestContext* context, ref GhcbRequest request)
    {
        switch (request.Code)
        {
            case ExitCode.Cpuid:
                return Cpuid(ref request);
            case ExitCode.Io:
                return PortAccess.Handle(ref request);
            case ExitCode.Msr:
                return HostMsrs.Handle(cpu, ref request);
            case MmioRead:
            case MmioWrite:
                return MmioAccess.Handle(cpu, ref request, isWrite: request.Code == MmioWrite);
            case PageState:
                return PageStateList(ref request);
            case GuestRequest:
            case ExtendedGuestRequest:
                return GuestRequests.Handle(context, ref request, isExtended: request.Code == ExtendedGuestRequest);
            case ApCreation:
                return ApControl.Create(cpu, ref request);
            case ResetHold:
                ApControl.ResetHold(cpu, byMsr: false);
                return EventAnswer.Result(1);
            case JumpTable:
                return SetJumpTable(ref request);
            case ApicIdList:
                return ApControl.ListApicIds(ref request);
            case RunVmpl:
                return VmplSwitch.TryRun(cpu, request.Info1) ? EventAnswer.Result(0) : EventAnswer.Malformed(GhcbError.InvalidInput);
            case Features:
                return EventAnswer.Result((ulong)HostFeatures.Offered);
            case ExitCode.ReadDr7:
                request.ReturnRax(Dr7Reset);
                return EventAnswer.Result(0);
            case ExitCode.WriteDr7:
                return request.Has(rax: true) ? EventAnswer.Result(0) : EventAnswer.Malformed(GhcbError.MissingInput);
            case ExitCode.Rdtsc:
            case ExitCode.Rdtscp:
                return TimeStamp(ref request);
            case ExitCode.Rdpmc:
                return PerformanceCounter(ref request);
            case ExitCode.Vmmcall:
                return Hypercall(ref request);
            case ExitCode.Invd:
            case ExitCode.Wbinvd:
            case ExitCode.Monitor:
            case ExitCode.Mwait:
            case NmiComplete:
                return EventAnswer.Result(0);
            case DoorbellPage:
            case DoorbellIpi:
            case DoorbellTimer:
                Refusal.Answer(Rule.GhcbEventNotOffered, request.Code);
                return EventAnswer.Malformed(GhcbError.InvalidEvent);
            case Unsupported:
                Refusal.Fatal(Rule.GuestUnsupportedEvent, request.Info1);
                return default;
            default:
                Refusal.Answer(Rule.GhcbUnknownEvent, request.Code);
                return EventAnswer.Malformed(GhcbError.InvalidEvent);
        }
    }

    private static EventAnswer Cpuid(ref GhcbRequest request)
    {
        const ulong extendedStateLeaf = 0xD;
        if (!request.Has(rax: true, rcx: true, xcr0: request.Rax == extendedStateLeaf))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        HostCpuid.Query((uint)request.Rax, (uint)request.Rcx, request.Xcr0, out CpuidRegisters registers);
        request.ReturnRax(registers.Eax);
        request.ReturnRbx(registers.Ebx);
        request.ReturnRcx(registers.Ecx);
        request.ReturnRdx(registers.Edx);
        return EventAnswer.Result(0);
    }

    private static EventAnswer PageStateList(ref GhcbRequest request)
    {
        if (!request.Has(scratch: true))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        byte* buffer = request.ScratchArea(Ghcb.SharedBufferSize);
        return buffer == null
            ? EventAnswer.Malformed(GhcbError.InvalidScratchArea)
            : EventAnswer.Result(PageStateChange.ChangeList(buffer, Ghcb.SharedBufferSize));
    }

    private static EventAnswer SetJumpTable(ref GhcbRequest request)
    {
        switch (request.Info1)
        {
            case 0:
                s_jumpTable = request.Info2;
                return EventAnswer.Result(0);
            case 1:
                return EventAnswer.Result(s_jumpTable);
            default:
                Refusal.Answer(Rule.GhcbReservedBits, request.Info1);
                return EventAnswer.Malformed(GhcbError.InvalidInput);
        }
    }

    private static EventAnswer TimeStamp(ref GhcbRequest request)
    {
        ulong now = Processor.ReadTimeStamp();
        request.ReturnRax((uint)now);
        request.ReturnRdx(now >> 32);
        if (request.Code == ExitCode.Rdtscp)
        {
            request.ReturnRcx(0);
        }
        return EventAnswer.Result(0);
    }

    private static EventAnswer PerformanceCounter(ref GhcbRequest request)
    {
        if (!request.Has(rcx: true))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        request.ReturnRax(0);
        request.ReturnRdx(0);
        return EventAnswer.Result(0);
    }

    private static EventAnswer Hypercall(ref GhcbRequest request)
    {
        if (!request.Has(rax: true))
        {
            return EventAnswer.Malformed(GhcbError.MissingInput);
        }
        request.ReturnRax(NoSuchHypercall);
        return EventAnswer.Result(0);
    }
}

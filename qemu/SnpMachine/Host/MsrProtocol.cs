using System;
using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Host;

/// <summary>Requests that fit into the GHCB MSR itself: the way to talk before there is a GHCB (56421, section 2.3.1).</summary>
internal static unsafe class MsrProtocol
{
    private const ulong SevInfoResponse = 0x001;
    private const ulong SevInfoRequest = 0x002;
    private const ulong CpuidRequest = 0x004;
    private const ulong CpuidResponse = 0x005;
    private const ulong ResetHoldRequest = 0x006;
    private const ulong PreferredGhcbRequest = 0x010;
    private const ulong PreferredGhcbResponse = 0x011;
    private const ulong RegisterGhcbRequest = 0x012;
    private const ulong RegisterGhcbResponse = 0x013;
    private const ulong PageStateRequest = 0x014;
    private const ulong PageStateResponse = 0x015;
    private const ulong RunVmplRequest = 0x016;
    private const ulong RunVmplResponse = 0x017;
    private const ulong FeaturesRequest = 0x080;
    private const ulong FeaturesResponse = 0x081;
    private const ulong TerminateRequest = 0x100;

    private const ulong MinimumVersion = 1;
    private const ulong MaximumVersion = 2;
    private const ulong NoAddress = 0x000F_FFFF_FFFF_FFFF;

    public static void Handle(VirtualCpu* cpu, GuestContext* context)
    {
        ulong value = context->GhcbMsr;
        switch (value & 0xFFF)
        {
            case SevInfoRequest:
                RequireZero(value >> 12, value);
                context->GhcbMsr = MaximumVersion << 48 | MinimumVersion << 32 | CBitPosition() << 24 | SevInfoResponse;
                break;
            case CpuidRequest:
                RequireZero((value >> 12) & 0x3FFFF, value);
                context->GhcbMsr = Cpuid((uint)(value >> 32), (int)(value >> 30) & 3) << 32 | (value & 0xC000_0000) | CpuidResponse;
                break;
            case ResetHoldRequest:
                RequireZero(value >> 12, value);
                ApControl.ResetHold(cpu, byMsr: true);
                break;
            case PreferredGhcbRequest:
                RequireZero(value >> 12, value);
                context->GhcbMsr = NoAddress << 12 | PreferredGhcbResponse;
                break;
            case RegisterGhcbRequest:
                context->GhcbMsr = Register(context, value >> 12) << 12 | RegisterGhcbResponse;
                break;
            case PageStateRequest:
                RequireZero(value >> 56, value);
                context->GhcbMsr = PageState(value) << 32 | PageStateResponse;
                break;
            case RunVmplRequest:
                RequireZero((value >> 12) & 0xF_FFFF, value);
                context->GhcbMsr = RunVmplResponse;
                VmplSwitch.Run(cpu, (int)(value >> 32) & 0xFF);
                break;
            case FeaturesRequest:
                RequireZero(value >> 12, value);
                context->GhcbMsr = (ulong)HostFeatures.Offered << 12 | FeaturesResponse;
                break;
            case TerminateRequest:
                Terminate((int)(value >> 12) & 15, (int)(value >> 16) & 0xFF);
                break;
            default:
                Refusal.Fatal(Rule.MsrProtocolUnknown, value);
                break;
        }
    }

    private static void RequireZero(ulong bits, ulong value)
    {
        if (bits != 0)
        {
            Refusal.Answer(Rule.MsrProtocolReservedBits, value);
        }
    }

    private static ulong CBitPosition()
    {
        ulong position = 0;
        while (NestedPaging.CBit >> (int)position != 1)
        {
            position++;
        }
        return position;
    }

    private static ulong Cpuid(uint leaf, int register)
    {
        HostCpuid.Query(leaf, 0, 0, out CpuidRegisters registers);
        return register switch
        {
            0 => registers.Eax,
            1 => registers.Ebx,
            2 => registers.Ecx,
            _ => registers.Edx,
        };
    }

    private static ulong Register(GuestContext* context, ulong frame)
    {
        ulong address = frame << 12;
        if (!Rmp.IsMemory(address))
        {
            Refusal.Answer(Rule.GhcbRegistrationNotMemory, address);
            return NoAddress;
        }
        context->RegisteredGhcb = address;
        return frame;
    }

    private static ulong PageState(ulong value)
    {
        ulong address = value & 0x000F_FFFF_FFFF_F000;
        return (ulong)PageStateChange.Change(address, (PageStateOperation)((value >> 52) & 15), isLarge: false);
    }

    private static void Terminate(int set, int reason)
    {
        ReadOnlySpan<byte> words = TerminationReason.Text(set, reason);
        Channel.Write(Channel.TextPort, "snp: the guest terminates itself: "u8);
        Channel.Write(Channel.TextPort, words);
        Channel.Write(Channel.TextPort, "\n"u8);
        Json json = Json.Event("terminated"u8);
        json.Number("set"u8, (ulong)set);
        json.Number("reason"u8, (ulong)reason);
        json.Text("text"u8, words);
        json.End();
        Refusal.Fatal(Rule.TerminatedByGuest, (ulong)(set << 8 | reason));
    }
}

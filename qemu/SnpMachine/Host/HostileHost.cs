using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Host;

/// <summary>
/// A host that means harm: at chosen exits it enters the guest again with an event of its own in place of an answer, as the hosts of Heckler and WeSee do. The
/// guest's instruction is not carried out, so a guest that goes on comes to the same exit again.
/// </summary>
internal static unsafe class HostileHost
{
    private const uint Valid = 1u << 31;
    private const uint VectorMask = 0xFF;
    private const uint Communication = 29;

    private static ulong s_event;
    private static InjectionPlace s_place;
    private static uint s_delay;
    private static uint s_remaining;

    /// <summary>Takes the plan.</summary>
    public static void Initialise(MachineConfiguration* configuration)
    {
        s_event = configuration->InjectedEvent;
        s_place = configuration->InjectionPlace;
        s_delay = configuration->InjectionDelay;
        s_remaining = (s_event & Valid) != 0 ? configuration->InjectionCount : 0;
    }

    /// <summary>True where an event is injected at this exit, which is then not handled.</summary>
    public static bool Interferes(GuestContext* context)
    {
        Vmcb* vmcb = context->ControlBlock;
        if (s_remaining == 0 || (vmcb->ExitInterruptInfo & Valid) != 0 || vmcb->ExitCode == ExitCode.Nmi || !IsAt(vmcb))
        {
            return false;
        }
        if (s_delay != 0)
        {
            s_delay--;
            return false;
        }
        s_remaining--;
        Channel.Line("The host injects"u8, s_event);
        if ((s_event & VectorMask) == Communication)
        {
            ExceptionDelivery.Communication(context, s_event >> 32, vmcb->Rip); // TCG adds no error code to it
        }
        else
        {
            vmcb->EventInjection = s_event;
        }
        s_event++;
        return true;
    }

    private static bool IsAt(Vmcb* vmcb) => s_place == InjectionPlace.User ? vmcb->Cpl == 3 : GuestPlace.IsKernel(vmcb);
}

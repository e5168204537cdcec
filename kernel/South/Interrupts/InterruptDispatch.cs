using LiteBox.South.Consoles;
using LiteBox.South.Instructions;
using LiteBox.South.Processors;
using LiteBox.South.Scheduling;
using LiteBox.South.Timekeeping;

namespace LiteBox.South.Interrupts;

/// <summary>
/// External interrupts. They come from user mode or from the idle loop only, so nothing else is under way: handlers may wake whom they like. They do not
/// wait and do not switch; the exit path and the idle loop see who is runnable.
/// </summary>
internal static class InterruptDispatch
{
    private static LocalApic? apic;
    private static SouthClock? clock;
    private static SouthScheduler? scheduler;
    private static UartConsole? console;

    /// <summary>Interrupts that nobody had asked for: counted and ignored.</summary>
    internal static ulong UnexpectedCount { get; private set; }

    /// <summary>Says who is to be told.</summary>
    internal static void Use(LocalApic localApic, SouthClock southClock, SouthScheduler southScheduler, UartConsole? uartConsole)
    {
        apic = localApic;
        clock = southClock;
        scheduler = southScheduler;
        console = uartConsole;
    }

    /// <summary>Handles one.</summary>
    internal static void Handle(byte vector)
    {
        switch (vector)
        {
            case InterruptVectors.Timer:
                apic!.EndInterrupt();
                clock!.OnInterrupt();
                scheduler!.OnTimerInterrupt(Instruction.ReadTimestamp());
                break;

            case InterruptVectors.Serial:
                apic!.EndInterrupt();
                console?.OnInterrupt();
                break;

            case InterruptVectors.Spurious:
            case >= InterruptVectors.LegacyControllerBase and < InterruptVectors.LegacyControllerBase + 16:
                UnexpectedCount++; // neither wants an end of interrupt
                break;

            default:
                UnexpectedCount++;
                apic!.EndInterrupt();
                break;
        }
    }
}

using LiteBox.South.Hardware;
using LiteBox.South.Instructions;
using LiteBox.South.Processors;

namespace LiteBox.South.Interrupts;

/// <summary>The one interrupt that all timers share.</summary>
internal abstract class EventTimer
{
    /// <summary>Interrupts when the time-stamp counter has passed a value, or at once where it has, or earlier where the value is out of reach.</summary>
    internal abstract void Program(ulong timestamp);

    /// <summary>The best one that the processor has.</summary>
    /// <param name="apicFrequency">Counts of the local APIC's timer in a second.</param>
    internal static EventTimer Create(
        HardwareAccess hardware, LocalApic apic, in ProcessorFeatures features, ulong timestampFrequency, ulong apicFrequency)
    {
        if (features.HasTscDeadline)
        {
            apic.UseDeadlines();
            return new DeadlineTimer(hardware);
        }

        apic.UseCounting();
        return new CountingTimer(apic, timestampFrequency, apicFrequency);
    }
}

/// <summary>The local APIC's timer in TSC-deadline mode.</summary>
internal sealed class DeadlineTimer : EventTimer
{
    private readonly HardwareAccess hardware;

    internal DeadlineTimer(HardwareAccess hardware) => this.hardware = hardware;

    /// <inheritdoc/>
    internal override void Program(ulong timestamp) => hardware.WriteMsr(Msr.TscDeadline, timestamp);
}

/// <summary>The local APIC's timer counting down.</summary>
internal sealed class CountingTimer : EventTimer
{
    private const int Shift = 24;
    private const ulong LongestTicks = 1UL << 32;
    private readonly LocalApic apic;
    private readonly ulong countsPerTick;

    internal CountingTimer(LocalApic apic, ulong timestampFrequency, ulong apicFrequency)
    {
        this.apic = apic;
        countsPerTick = (apicFrequency << Shift) / timestampFrequency;
    }

    /// <inheritdoc/>
    internal override void Program(ulong timestamp)
    {
        ulong now = Instruction.ReadTimestamp();
        apic.CountDown(CountsFor(timestamp > now ? timestamp - now : 0));
    }

    /// <summary>Counts for ticks: at least one, which interrupts at once, and never more than the counter holds.</summary>
    internal uint CountsFor(ulong ticks)
    {
        ulong reachable = ticks < LongestTicks ? ticks : LongestTicks - 1;
        ulong counts = ((reachable * countsPerTick) >> Shift) + 1;
        return counts < uint.MaxValue ? (uint)counts : uint.MaxValue;
    }
}

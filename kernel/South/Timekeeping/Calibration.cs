using LiteBox.Platform;
using LiteBox.South.Hardware;
using LiteBox.South.Interrupts;

namespace LiteBox.South.Timekeeping;

/// <summary>Finds out how fast the time-stamp counter and the local APIC's timer count.</summary>
internal static class Calibration
{
    /// <summary>Counts of the interval timer: 2.5 ms, in which a count of error is 1 in 3,000.</summary>
    private const uint Interval = 2983;

    /// <summary>Counts before the first reading, so that the counter has surely been loaded.</summary>
    private const uint Lead = 16;

    private const uint HypervisorTimingLeaf = 0x4000_0010;
    private const uint HypervisorLeaf = 0x4000_0000;
    private const uint TimestampLeaf = 0x15;

    /// <summary>
    /// Measures both. False where the yardstick does not count or the result is impossible.
    /// </summary>
    internal static bool TryMeasure(HardwareAccess hardware, LocalApic apic, out ulong timestampFrequency, out ulong apicFrequency)
    {
        timestampFrequency = 0;
        apicFrequency = 0;
        apic.StartCounting();
        IntervalTimer.Start(hardware);
        if (!IntervalTimer.TryWait(hardware, Lead, out uint firstCount, out ulong firstTimestamp))
        {
            return false;
        }

        uint firstApic = apic.CurrentCount;
        if (!IntervalTimer.TryWait(hardware, firstCount + Interval, out uint lastCount, out ulong lastTimestamp))
        {
            return false;
        }

        uint lastApic = apic.CurrentCount;
        ulong counts = lastCount - firstCount;
        ulong measured = (lastTimestamp - firstTimestamp) * IntervalTimer.Frequency / counts;
        apicFrequency = (firstApic - lastApic) * IntervalTimer.Frequency / counts;
        timestampFrequency = Refine(measured, AnnouncedFrequency(hardware));
        return timestampFrequency is >= TimestampScale.LowestFrequency and <= TimestampScale.HighestFrequency;
    }

    /// <summary>An announced frequency is more exact than a short measurement, and is taken where the two agree to within 1 in 500.</summary>
    internal static ulong Refine(ulong measured, ulong announced)
    {
        ulong difference = measured > announced ? measured - announced : announced - measured;
        return difference <= measured / 500 ? announced : measured;
    }

    /// <summary>What CPUID says of the time-stamp counter's frequency (leaf 0x15, or the hypervisors' leaf 0x40000010 in kHz), or 0. A hint (T38).</summary>
    private static ulong AnnouncedFrequency(HardwareAccess hardware)
    {
        if (hardware.Cpuid(0, 0).Eax >= TimestampLeaf)
        {
            CpuidResult leaf = hardware.Cpuid(TimestampLeaf, 0);
            if (leaf is { Eax: not 0, Ebx: not 0, Ecx: not 0 })
            {
                return (ulong)leaf.Ecx * leaf.Ebx / leaf.Eax;
            }
        }

        return hardware.Cpuid(HypervisorLeaf, 0).Eax is >= HypervisorTimingLeaf and < HypervisorLeaf + 0x100
            ? hardware.Cpuid(HypervisorTimingLeaf, 0).Eax * 1000UL
            : 0;
    }
}

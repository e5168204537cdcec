namespace LiteBox.South.Timekeeping;

/// <summary>
/// Converts between time-stamp ticks and nanoseconds by multiplication and shift, exactly rounded down over the whole range of 64 bits of ticks
/// without a 128-bit product: the operand is split in halves.
/// </summary>
internal readonly struct TimestampScale
{
    /// <summary>Bits behind the point of the factors: an error of 4 parts in a thousand million, far below what calibration can tell.</summary>
    private const int Shift = 28;

    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The slowest counter for which both factors fit in 32 bits with <see cref="Shift"/> bits behind the point.</summary>
    internal const ulong LowestFrequency = 100_000_000;

    /// <summary>The fastest one.</summary>
    internal const ulong HighestFrequency = 15_000_000_000;

    private readonly ulong nanosecondsPerTick;
    private readonly ulong ticksPerNanosecond;

    /// <param name="frequency">Ticks a second, between the two bounds.</param>
    internal TimestampScale(ulong frequency)
    {
        Frequency = frequency;
        nanosecondsPerTick = (NanosecondsPerSecond << Shift) / frequency;
        ticksPerNanosecond = (frequency << Shift) / NanosecondsPerSecond;
    }

    /// <summary>Ticks a second.</summary>
    internal ulong Frequency { get; }

    /// <summary>Nanoseconds for a number of ticks.</summary>
    internal ulong ToNanoseconds(ulong ticks) => Multiply(ticks, nanosecondsPerTick);

    /// <summary>Ticks for a number of nanoseconds; all ones where the result has no room.</summary>
    internal ulong ToTicks(ulong nanoseconds) =>
        nanoseconds > ulong.MaxValue >> 4 ? ulong.MaxValue : Multiply(nanoseconds, ticksPerNanosecond);

    private static ulong Multiply(ulong value, ulong factor) =>
        unchecked((((value >> 32) * factor) << (32 - Shift)) + (((value & uint.MaxValue) * factor) >> Shift));
}

using System;

namespace LiteBox.South.Timekeeping;

/// <summary>What the battery-backed clock shows, in whatever form it keeps it (MC146818A data sheet, "Time, calendar, and alarm locations").</summary>
internal readonly struct RealTimeReading : IEquatable<RealTimeReading>
{
    private const int AfternoonBit = 0x80;
    private readonly int year;
    private readonly int month;
    private readonly int day;
    private readonly int hour;
    private readonly int minute;
    private readonly int second;

    internal RealTimeReading(byte year, byte month, byte day, byte hour, byte minute, byte second, bool isBinary, bool is24Hours)
    {
        this.year = 2000 + Decode(year, isBinary);
        this.month = Decode(month, isBinary);
        this.day = Decode(day, isBinary);
        this.minute = Decode(minute, isBinary);
        this.second = Decode(second, isBinary);
        int hours = Decode((byte)(hour & ~AfternoonBit), isBinary);
        this.hour = is24Hours ? Decode(hour, isBinary) : (hours % 12) + ((hour & AfternoonBit) != 0 ? 12 : 0);
    }

    /// <summary>Seconds since 1970-01-01 00:00:00 UTC, or 0 where the reading is no date.</summary>
    internal ulong ToUnixSeconds()
    {
        if (month is < 1 or > 12 || day is < 1 or > 31 || hour > 23 || minute > 59 || second > 60)
        {
            return 0;
        }

        return ((ulong)DaysSince1970(year, month, day) * 86400) + (ulong)((hour * 3600) + (minute * 60) + second);
    }

    /// <inheritdoc/>
    public bool Equals(RealTimeReading other) =>
        year == other.year && month == other.month && day == other.day && hour == other.hour && minute == other.minute && second == other.second;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RealTimeReading other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => second;

    private static int Decode(byte value, bool isBinary) => isBinary ? value : ((value >> 4) * 10) + (value & 0xF);

    /// <summary>Days in the Gregorian calendar, counting years from March so that the leap day is the last.</summary>
    private static int DaysSince1970(int year, int month, int day)
    {
        int shiftedYear = month > 2 ? year : year - 1;
        int shiftedMonth = month > 2 ? month - 3 : month + 9;
        int dayOfYear = (((153 * shiftedMonth) + 2) / 5) + day - 1;
        int daysSinceYear0 = (shiftedYear * 365) + (shiftedYear / 4) - (shiftedYear / 100) + (shiftedYear / 400) + dayOfYear;
        return daysSinceYear0 - 719468;
    }
}

namespace System;

/// <summary>A length of time in ticks of 100 ns.</summary>
public readonly struct TimeSpan(long ticks) : IEquatable<TimeSpan>, IComparable<TimeSpan>, IComparable
{
    public const long NanosecondsPerTick = 100;
    public const long TicksPerMicrosecond = 10;
    public const long TicksPerMillisecond = 10_000;
    public const long TicksPerSecond = 10_000_000;
    public const long TicksPerMinute = 60 * TicksPerSecond;
    public const long TicksPerHour = 60 * TicksPerMinute;
    public const long TicksPerDay = 24 * TicksPerHour;

    public static readonly TimeSpan Zero = new(0);
    public static readonly TimeSpan MaxValue = new(long.MaxValue);
    public static readonly TimeSpan MinValue = new(long.MinValue);

    private readonly long _ticks = ticks;

    public TimeSpan(int hours, int minutes, int seconds)
        : this((hours * TicksPerHour) + (minutes * TicksPerMinute) + (seconds * TicksPerSecond))
    {
    }

    public long Ticks => _ticks;

    public int Days => (int)(_ticks / TicksPerDay);

    public int Hours => (int)(_ticks / TicksPerHour % 24);

    public int Minutes => (int)(_ticks / TicksPerMinute % 60);

    public int Seconds => (int)(_ticks / TicksPerSecond % 60);

    public int Milliseconds => (int)(_ticks / TicksPerMillisecond % 1000);

    public static TimeSpan FromTicks(long value) => new(value);

    public static TimeSpan FromMicroseconds(long microseconds) => new(checked(microseconds * TicksPerMicrosecond));

    public static TimeSpan FromMilliseconds(long milliseconds, long microseconds = 0) =>
        new(checked((milliseconds * TicksPerMillisecond) + (microseconds * TicksPerMicrosecond)));

    public static TimeSpan FromSeconds(long seconds) => new(checked(seconds * TicksPerSecond));

    public static TimeSpan FromMinutes(long minutes) => new(checked(minutes * TicksPerMinute));

    public TimeSpan Add(TimeSpan other) => this + other;

    public TimeSpan Subtract(TimeSpan other) => this - other;

    public TimeSpan Negate() => new(checked(-_ticks));

    public TimeSpan Duration() => new(Math.Abs(_ticks));

    public bool Equals(TimeSpan other) => _ticks == other._ticks;

    public override bool Equals(object? obj) => obj is TimeSpan other && Equals(other);

    public override int GetHashCode() => _ticks.GetHashCode();

    public int CompareTo(TimeSpan other) => _ticks.CompareTo(other._ticks);

    public int CompareTo(object? obj) => obj is TimeSpan other ? CompareTo(other) : 1;

    public static TimeSpan operator +(TimeSpan left, TimeSpan right) => new(checked(left._ticks + right._ticks));

    public static TimeSpan operator -(TimeSpan left, TimeSpan right) => new(checked(left._ticks - right._ticks));

    public static TimeSpan operator -(TimeSpan value) => value.Negate();

    public static bool operator ==(TimeSpan left, TimeSpan right) => left._ticks == right._ticks;

    public static bool operator !=(TimeSpan left, TimeSpan right) => left._ticks != right._ticks;

    public static bool operator <(TimeSpan left, TimeSpan right) => left._ticks < right._ticks;

    public static bool operator >(TimeSpan left, TimeSpan right) => left._ticks > right._ticks;

    public static bool operator <=(TimeSpan left, TimeSpan right) => left._ticks <= right._ticks;

    public static bool operator >=(TimeSpan left, TimeSpan right) => left._ticks >= right._ticks;
}

using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Time;

/// <summary>Times between programs, which have seconds and parts, and the kernel, which has nanoseconds that stop at the end of a ulong.</summary>
internal static class UserTime
{
    public const ulong NanosecondsPerSecond = 1_000_000_000;
    public const ulong NanosecondsPerMicrosecond = 1000;

    /// <summary>The last moment that is not <see cref="Scheduler.Never"/>.</summary>
    private const ulong Latest = Scheduler.Never - 1;

    /// <summary>The sum, or the last moment.</summary>
    public static ulong Add(ulong a, ulong b)
    {
        ulong sum = unchecked(a + b);
        return sum < a || sum > Latest ? Latest : sum;
    }

    /// <summary>The <see cref="Clock.Monotonic"/> time after a span.</summary>
    public static ulong After(Task task, ulong span) => Add(task.Kernel.Machine.Clock.Monotonic, span);

    /// <summary>The <see cref="Clock.Monotonic"/> time of a moment of CLOCK_REALTIME.</summary>
    public static ulong FromRealtime(Task task, ulong moment)
    {
        ulong now = task.Kernel.Machine.Clock.Realtime;
        return moment <= now ? 0 : After(task, moment - now);
    }

    /// <summary>Reads a struct timespec that is a span or a moment: EFAULT; EINVAL where it is negative or not normal.</summary>
    public static Errno ReadSpan(Task task, ulong address, out ulong nanoseconds)
    {
        nanoseconds = 0;
        return new UserPointer<Timespec>(address).TryRead(task.UserMemory, out Timespec value) ? ToNanoseconds(value, out nanoseconds) : Errno.EFAULT;
    }

    /// <summary>Nanoseconds of a timespec; EINVAL where it is negative or not normal.</summary>
    public static Errno ToNanoseconds(in Timespec value, out ulong nanoseconds)
    {
        nanoseconds = 0;
        if (value.Seconds < 0 || (ulong)value.Nanoseconds >= NanosecondsPerSecond)
        {
            return Errno.EINVAL;
        }

        nanoseconds = (ulong)value.Seconds >= Latest / NanosecondsPerSecond
            ? Latest
            : ((ulong)value.Seconds * NanosecondsPerSecond) + (ulong)value.Nanoseconds;
        return Errno.None;
    }

    /// <summary>Nanoseconds of a timeval; EINVAL where it is negative or not normal.</summary>
    public static Errno ToNanoseconds(in Timeval value, out ulong nanoseconds) =>
        (ulong)value.Microseconds >= 1_000_000
            ? Fail(out nanoseconds)
            : ToNanoseconds(new Timespec { Seconds = value.Seconds, Nanoseconds = value.Microseconds * (long)NanosecondsPerMicrosecond }, out nanoseconds);

    /// <summary>As struct timespec.</summary>
    public static Timespec ToTimespec(ulong nanoseconds) => new()
    {
        Seconds = (long)(nanoseconds / NanosecondsPerSecond),
        Nanoseconds = (long)(nanoseconds % NanosecondsPerSecond),
    };

    /// <summary>As struct timeval.</summary>
    public static Timeval ToTimeval(ulong nanoseconds) => new()
    {
        Seconds = (long)(nanoseconds / NanosecondsPerSecond),
        Microseconds = (long)(nanoseconds % NanosecondsPerSecond / NanosecondsPerMicrosecond),
    };

    private static Errno Fail(out ulong nanoseconds)
    {
        nanoseconds = 0;
        return Errno.EINVAL;
    }
}

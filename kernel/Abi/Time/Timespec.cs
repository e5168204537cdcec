using System.Runtime.InteropServices;

namespace LiteBox.Abi;

/// <summary>struct timespec (include/uapi/linux/time_types.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Timespec : IUserStructure
{
    public long Seconds;
    public long Nanoseconds;
}

/// <summary>struct timeval.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Timeval : IUserStructure
{
    public long Seconds;
    public long Microseconds;
}

/// <summary>struct itimerval (setitimer(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct IntervalTimer : IUserStructure
{
    public Timeval Interval;
    public Timeval Value;
}

/// <summary>struct itimerspec (timer_settime(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct IntervalTimerSpec : IUserStructure
{
    public Timespec Interval;
    public Timespec Value;
}

/// <summary>struct timezone (gettimeofday(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TimeZoneRecord : IUserStructure
{
    public int MinutesWest;
    public int DaylightSavingKind;
}

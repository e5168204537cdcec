using LiteBox.Platform;

namespace LiteBox.North.Memory;

/// <summary>Where execve put the parts of a program: what /proc/PID/stat and cmdline tell, and prctl(2) PR_SET_MM could change.</summary>
internal readonly struct ProgramLayout
{
    public UserAddress CodeStart { get; init; }
    public UserAddress CodeEnd { get; init; }
    public UserAddress DataStart { get; init; }
    public UserAddress DataEnd { get; init; }

    /// <summary>The stack pointer at the first instruction.</summary>
    public UserAddress StackStart { get; init; }

    /// <summary>The argument strings (/proc/PID/cmdline).</summary>
    public UserAddress ArgumentStart { get; init; }
    public UserAddress ArgumentEnd { get; init; }

    /// <summary>The environment strings (/proc/PID/environ).</summary>
    public UserAddress EnvironmentStart { get; init; }
    public UserAddress EnvironmentEnd { get; init; }

    /// <summary>The auxiliary vector (/proc/PID/auxv).</summary>
    public UserAddress AuxiliaryStart { get; init; }
    public UserAddress AuxiliaryEnd { get; init; }
}

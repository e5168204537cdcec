namespace LiteBox.North.SystemCalls;

/// <summary>How much of a system call is there.</summary>
internal enum SystemCallSupport
{
    /// <summary>Nothing: ENOSYS.</summary>
    None,

    /// <summary>The common part; the entry's notes say what is missing.</summary>
    Partial,

    /// <summary>As Linux has it.</summary>
    Full,
}

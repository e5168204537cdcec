namespace LiteBox.Qemu;

/// <summary>How a vector is injected (APM volume 2, 15.20: EVENTINJ's TYPE).</summary>
public enum InjectedKind
{
    /// <summary>An external interrupt: no error code is pushed.</summary>
    Interrupt = 0,

    /// <summary>A non-maskable interrupt; the vector is 2.</summary>
    NonMaskable = 2,

    /// <summary>An exception, with its error code where the vector has one.</summary>
    Exception = 3,
}

/// <summary>Events that a hostile host injects in place of the answer to an exit.</summary>
/// <param name="Kind">The kind of event.</param>
/// <param name="Vector">The first vector.</param>
/// <param name="InProgram">True: while a program runs; false: while the guest's kernel does.</param>
public sealed record HostileInjection(InjectedKind Kind, byte Vector, bool InProgram)
{
    private const ulong Valid = 1UL << 31;
    private const ulong WithErrorCode = 1UL << 11;
    private const int KindShift = 8;
    private const int ErrorCodeShift = 32;

    /// <summary>The error code of an exception that has one; for #VC the exit code that it claims.</summary>
    public uint? ErrorCode { get; init; }

    /// <summary>Exits that pass before the first event.</summary>
    public int Delay { get; init; }

    /// <summary>How many events, at one exit each; the vector goes up by one each time.</summary>
    public int Count { get; init; } = 1;

    internal ulong Event => Valid | ((ulong)Kind << KindShift) | Vector
        | (ErrorCode is { } code ? WithErrorCode | ((ulong)code << ErrorCodeShift) : 0);
}

namespace LiteBox.North.Signals;

/// <summary>What a process does about a signal: struct sigaction as the kernel has it (sigaction(2)).</summary>
internal readonly struct SignalAction
{
    /// <summary>SIG_DFL.</summary>
    public const ulong Default = 0;

    /// <summary>SIG_IGN.</summary>
    public const ulong Ignore = 1;

    public const ulong SA_NOCLDSTOP = 1;
    public const ulong SA_NOCLDWAIT = 2;
    public const ulong SA_SIGINFO = 4;
    public const ulong SA_RESTORER = 0x04000000;
    public const ulong SA_ONSTACK = 0x08000000;
    public const ulong SA_RESTART = 0x10000000;
    public const ulong SA_NODEFER = 0x40000000;
    public const ulong SA_RESETHAND = 0x80000000;

    public SignalAction(ulong handler, ulong flags, ulong restorer, ulong mask)
    {
        Handler = handler;
        Flags = flags;
        Restorer = restorer;
        Mask = mask;
    }

    /// <summary>Address of the handler, <see cref="Default"/> or <see cref="Ignore"/>.</summary>
    public ulong Handler { get; }

    /// <summary>SA_ flags.</summary>
    public ulong Flags { get; }

    /// <summary>Where the handler returns to; it calls rt_sigreturn.</summary>
    public ulong Restorer { get; }

    /// <summary>Signals blocked while the handler runs.</summary>
    public ulong Mask { get; }

    /// <summary>True where a handler of the program runs.</summary>
    public bool IsHandler => Handler > Ignore;

    /// <summary>True where all the flags are set.</summary>
    public bool Has(ulong flags) => (Flags & flags) == flags;
}

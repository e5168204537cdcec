namespace LiteBox.North.Signals;

/// <summary>The alternate signal stack of a task: stack_t (sigaltstack(2)).</summary>
internal readonly struct SignalStack
{
    public const int SS_ONSTACK = 1;
    public const int SS_DISABLE = 2;
    public const int SS_AUTODISARM = unchecked((int)0x80000000);

    public SignalStack(ulong address, ulong size, int flags)
    {
        Address = address;
        Size = size;
        Flags = flags;
    }

    /// <summary>No alternate stack.</summary>
    public static SignalStack None => new(0, 0, SS_DISABLE);

    /// <summary>The lowest address.</summary>
    public ulong Address { get; }

    /// <summary>Bytes; 0 where there is none.</summary>
    public ulong Size { get; }

    /// <summary>SS_AUTODISARM, or SS_DISABLE.</summary>
    public int Flags { get; }

    /// <summary>True where the stack pointer lies on it (the kernel's rule: above its start, up to its end).</summary>
    public bool Contains(ulong stackPointer) => Size != 0 && stackPointer > Address && stackPointer - Address <= Size;
}

namespace LiteBox.North.SystemCalls;

/// <summary>The six arguments of a system call, as the program left them in RDI, RSI, RDX, R10, R8 and R9: unchecked numbers.</summary>
public readonly struct SystemCallArguments
{
    public SystemCallArguments(ulong a0, ulong a1, ulong a2, ulong a3, ulong a4, ulong a5)
    {
        A0 = a0;
        A1 = a1;
        A2 = a2;
        A3 = a3;
        A4 = a4;
        A5 = a5;
    }

    public ulong A0 { get; }
    public ulong A1 { get; }
    public ulong A2 { get; }
    public ulong A3 { get; }
    public ulong A4 { get; }
    public ulong A5 { get; }

    /// <summary>Argument 0 as a C int, as most descriptors and identifiers are passed.</summary>
    public int Int0 => unchecked((int)A0);

    /// <summary>Argument 1 as a C int.</summary>
    public int Int1 => unchecked((int)A1);

    /// <summary>Argument 2 as a C int.</summary>
    public int Int2 => unchecked((int)A2);

    /// <summary>Argument 3 as a C int.</summary>
    public int Int3 => unchecked((int)A3);
}

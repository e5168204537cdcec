using LiteBox.Platform;

namespace LiteBox.North.SystemCalls;

/// <summary>
/// The six arguments of a system call, where the program left them: unchecked numbers in RDI, RSI, RDX, R10, R8 and R9. A view of the saved registers,
/// which stand still while the call runs.
/// </summary>
public readonly ref struct SystemCallArguments
{
    private readonly ref readonly UserRegisters registers;

    /// <summary>The arguments in the registers of a thread that has entered the kernel.</summary>
    public SystemCallArguments(ref readonly UserRegisters registers) => this.registers = ref registers;

    public ulong A0 => registers.Rdi;
    public ulong A1 => registers.Rsi;
    public ulong A2 => registers.Rdx;
    public ulong A3 => registers.R10;
    public ulong A4 => registers.R8;
    public ulong A5 => registers.R9;

    /// <summary>Argument 0 as a C int, as most descriptors and identifiers are passed.</summary>
    public int Int0 => unchecked((int)A0);

    /// <summary>Argument 1 as a C int.</summary>
    public int Int1 => unchecked((int)A1);

    /// <summary>Argument 2 as a C int.</summary>
    public int Int2 => unchecked((int)A2);

    /// <summary>Argument 3 as a C int.</summary>
    public int Int3 => unchecked((int)A3);
}

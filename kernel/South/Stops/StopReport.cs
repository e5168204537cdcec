using System;
using LiteBox.Platform;

namespace LiteBox.South.Stops;

/// <summary>Where a stop report goes, line by line. Works without interrupts, locks or memory (T14).</summary>
internal abstract class StopOutput
{
    /// <summary>Makes ready for the report, whatever the kernel was doing.</summary>
    internal virtual void Begin()
    {
    }

    /// <summary>One line without its end.</summary>
    internal abstract void WriteLine(ReadOnlySpan<byte> line);

    /// <summary>Writes the name of the function around an address and the offset in it, where the image has symbols.</summary>
    internal abstract void WriteSymbol(ulong address, ref LineWriter line);

    /// <summary>Reads a word of the kernel's stack. False where the address is not on it.</summary>
    internal abstract bool TryReadStack(ulong address, out ulong value);

    /// <summary>True where an address is that of an instruction behind a call.</summary>
    internal abstract bool IsReturnAddress(ulong address);
}

/// <summary>What people get to see when the machine stops: the reason, the registers, who called whom.</summary>
internal static class StopReport
{
    private const int MaximumDepth = 24;
    private const int LineSize = 160;

    /// <summary>The first line, which the harness looks for.</summary>
    internal static void WriteReason(StopOutput output, StopReason reason, ReadOnlySpan<char> text, ReadOnlySpan<char> detail)
    {
        LineWriter line = new(stackalloc byte[LineSize]);
        FormatReason(ref line, reason, text, detail);
        output.WriteLine(line.Written);
    }

    /// <summary>The text of the first line.</summary>
    internal static void FormatReason(ref LineWriter line, StopReason reason, ReadOnlySpan<char> text, ReadOnlySpan<char> detail)
    {
        line.Write("litebox: STOP "u8);
        line.WriteDecimal((ulong)reason);
        line.Write((byte)' ');
        line.Write(text);
        if (!detail.IsEmpty)
        {
            line.Write(": "u8);
            line.Write(detail);
        }
    }

    /// <summary>The registers at an exception, with its vector, error code and CR2.</summary>
    internal static void WriteException(StopOutput output, in UserRegisters registers, ulong vector, ulong errorCode, ulong faultAddress)
    {
        LineWriter line = new(stackalloc byte[LineSize]);
        line.Write("  "u8);
        line.Write(ExceptionNames.Of((int)vector));
        line.Write(", vector "u8);
        line.WriteDecimal(vector);
        Register(ref line, ", error "u8, errorCode);
        Register(ref line, ", cr2 "u8, faultAddress);
        output.WriteLine(line.Written);

        WriteLine(output, "  rip "u8, registers.Rip, "  cs  "u8, registers.Cs, "  flg "u8, registers.Rflags);
        WriteLine(output, "  rsp "u8, registers.Rsp, "  ss  "u8, registers.Ss, "  rbp "u8, registers.Rbp);
        WriteLine(output, "  rax "u8, registers.Rax, "  rbx "u8, registers.Rbx, "  rcx "u8, registers.Rcx);
        WriteLine(output, "  rdx "u8, registers.Rdx, "  rsi "u8, registers.Rsi, "  rdi "u8, registers.Rdi);
        WriteLine(output, "  r8  "u8, registers.R8, "  r9  "u8, registers.R9, "  r10 "u8, registers.R10);
        WriteLine(output, "  r11 "u8, registers.R11, "  r12 "u8, registers.R12, "  r13 "u8, registers.R13);
        WriteLine(output, "  r14 "u8, registers.R14, "  r15 "u8, registers.R15, ""u8, 0);
    }

    /// <summary>
    /// The functions that led here, the innermost first. The compiled code keeps no chain of frames, so every word on the stack that is a return address
    /// is shown: the callers, and perhaps some that have returned and whose words nobody has overwritten.
    /// </summary>
    /// <param name="instruction">Where the innermost function is, or 0 where only its callers are of interest.</param>
    /// <param name="stackPointer">Where the stack ends.</param>
    internal static void WriteBacktrace(StopOutput output, ulong instruction, ulong stackPointer)
    {
        if (instruction != 0)
        {
            WriteFrame(output, instruction);
        }

        int shown = 0;
        for (ulong address = stackPointer; shown < MaximumDepth && output.TryReadStack(address, out ulong word); address += sizeof(ulong))
        {
            if (output.IsReturnAddress(word))
            {
                WriteFrame(output, word);
                shown++;
            }
        }
    }

    private static void WriteFrame(StopOutput output, ulong address)
    {
        LineWriter line = new(stackalloc byte[LineSize]);
        Register(ref line, "  at "u8, address);
        line.Write((byte)' ');
        output.WriteSymbol(address, ref line);
        output.WriteLine(line.Written);
    }

    private static void WriteLine(
        StopOutput output, ReadOnlySpan<byte> name1, ulong value1, ReadOnlySpan<byte> name2, ulong value2, ReadOnlySpan<byte> name3, ulong value3)
    {
        LineWriter line = new(stackalloc byte[LineSize]);
        Register(ref line, name1, value1);
        Register(ref line, name2, value2);
        if (!name3.IsEmpty)
        {
            Register(ref line, name3, value3);
        }

        output.WriteLine(line.Written);
    }

    private static void Register(ref LineWriter line, ReadOnlySpan<byte> name, ulong value)
    {
        line.Write(name);
        line.WriteHexadecimal(value);
    }
}

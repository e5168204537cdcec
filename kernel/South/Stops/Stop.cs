using System;
using System.Diagnostics.CodeAnalysis;
using LiteBox.Platform;
using LiteBox.Runtime;
using LiteBox.South.Instructions;

namespace LiteBox.South.Stops;

/// <summary>
/// The one way to stop the machine. It needs no lock, no memory, no interrupt and no other processor (T14). A failure while it reports ends in a halt.
/// </summary>
internal static unsafe class Stop
{
    private const int EarlyLineSize = 160;

    private static StopOutput? output;
    private static StopEnding? ending;
    private static delegate*<byte*, int, void> earlyOutput;
    private static bool hasOutput;
    private static bool stopping;

    /// <summary>Sets where one line goes while there are no objects yet; failures of the runtime come here from now on.</summary>
    internal static void UseEarlyOutput(delegate*<byte*, int, void> writeLine)
    {
        earlyOutput = writeLine;

        // SAFETY: the hook has the signature that FailFast asks for and does not return.
        FailFast.SetHook(&OnFailFast);
    }

    /// <summary>Sets where reports go and what ends the machine.</summary>
    internal static void Use(StopOutput reports, StopEnding end)
    {
        output = reports;
        ending = end;
        hasOutput = true;
    }

    /// <summary>Stops with a reason and the callers' names.</summary>
    [DoesNotReturn]
    internal static void Machine(StopReason reason, ReadOnlySpan<char> text, ReadOnlySpan<char> detail = default)
    {
        Begin();
        if (hasOutput)
        {
            StopReport.WriteReason(output!, reason, text, detail);
            StopReport.WriteBacktrace(output!, 0, Instruction.ReadStackPointer());
        }
        else
        {
            WriteEarly(reason, text, 0);
        }

        End(reason);
    }

    /// <summary>Stops for an exception: with its registers, and the names of the callers of the interrupted function.</summary>
    [DoesNotReturn]
    internal static void Exception(
        StopReason reason, ReadOnlySpan<char> text, in UserRegisters registers, ulong vector, ulong errorCode, ulong faultAddress)
    {
        Begin();
        if (hasOutput)
        {
            StopReport.WriteReason(output!, reason, text, default);
            StopReport.WriteException(output!, registers, vector, errorCode, faultAddress);
            StopReport.WriteBacktrace(output!, registers.Rip, registers.Rsp);
        }
        else
        {
            WriteEarly(reason, text, registers.Rip);
        }

        End(reason);
    }

    private static void OnFailFast(string reason, string? detail) => Machine(StopReason.BrokenInvariant, reason, detail);

    /// <summary>A second stop means that the report of the first one failed.</summary>
    private static void Begin()
    {
        if (stopping)
        {
            Instruction.HaltForever();
        }

        stopping = true;
    }

    private static void WriteEarly(StopReason reason, ReadOnlySpan<char> text, ulong instruction)
    {
        byte* memory = stackalloc byte[EarlyLineSize];
        LineWriter line = new(new Span<byte>(memory, EarlyLineSize));
        StopReport.FormatReason(ref line, reason, text, default);
        line.Write(", early, at "u8);
        line.WriteHexadecimal(instruction);
        if (earlyOutput != null)
        {
            // SAFETY: the function reads as many bytes as were written.
            earlyOutput(memory, line.Written.Length);
        }
    }

    [DoesNotReturn]
    private static void End(StopReason reason)
    {
        if (hasOutput)
        {
            ending!.End(reason);
        }

        while (true)
        {
            Instruction.HaltForever();
        }
    }
}

using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LiteBox.Platform;
using LiteBox.Runtime;
using LiteBox.South.Handover;
using LiteBox.South.Instructions;

namespace LiteBox.South.Stops;

/// <summary>
/// The one way to stop the machine. It needs no lock, no memory, no interrupt and no other processor (T14). A failure while it reports ends the machine
/// without a report, and one while it ends the machine halts the processor.
/// </summary>
internal static unsafe class Stop
{
    private const int EarlyLineSize = 160;

    private static StopOutput? output;
    private static StopEnding? ending;
    private static delegate*<byte*, int, void> earlyOutput;
    private static delegate*<StopReason, void> earlyEnding;
    private static bool hasOutput;
    private static bool hasEnding;
    private static int stops;
    private static StopReason firstReason;

    /// <summary>Says what to do while there are no objects yet; failures of the runtime come here from now on.</summary>
    /// <param name="writeLine">Where one line goes, or null.</param>
    /// <param name="end">Ends the machine, or null where it can only be halted.</param>
    internal static void Start(delegate*<byte*, int, void> writeLine, delegate*<StopReason, void> end)
    {
        earlyOutput = writeLine;
        earlyEnding = end;

        // SAFETY: the hook has the signature that FailFast asks for and does not return.
        FailFast.SetHook(&OnFailFast);
    }

    /// <summary>Sets where reports go, or null for nowhere, and what ends the machine.</summary>
    internal static void Use(StopOutput? reports, StopEnding end)
    {
        output = reports;
        ending = end;
        hasOutput = reports is not null;
        hasEnding = true;
    }

    /// <summary>Stops with a reason and the callers' names. Part of each caller, so that a release image does not hold the words.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Machine(StopReason reason, ReadOnlySpan<char> text, ReadOnlySpan<char> detail = default)
    {
        if (IsFirst(reason) && ImageKind.IsDebug)
        {
            Report(reason, text, detail);
        }

        End();
    }

    /// <summary>Stops for an exception: with its registers, and the names of the callers of the interrupted function.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Exception(
        StopReason reason, ReadOnlySpan<char> text, in UserRegisters registers, ulong vector, ulong errorCode, ulong faultAddress)
    {
        if (IsFirst(reason) && ImageKind.IsDebug)
        {
            Report(reason, text, registers, vector, errorCode, faultAddress);
        }

        End();
    }

    private static void Report(StopReason reason, ReadOnlySpan<char> text, ReadOnlySpan<char> detail)
    {
        if (hasOutput)
        {
            output!.Begin();
            StopReport.WriteReason(output!, reason, text, detail);
            StopReport.WriteBacktrace(output!, 0, Instruction.ReadStackPointer());
        }
        else
        {
            WriteEarly(reason, text, 0);
        }
    }

    private static void Report(
        StopReason reason, ReadOnlySpan<char> text, in UserRegisters registers, ulong vector, ulong errorCode, ulong faultAddress)
    {
        if (hasOutput)
        {
            output!.Begin();
            StopReport.WriteReason(output!, reason, text, default);
            StopReport.WriteException(output!, registers, vector, errorCode, faultAddress);
            StopReport.WriteBacktrace(output!, registers.Rip, registers.Rsp);
        }
        else
        {
            WriteEarly(reason, text, registers.Rip);
        }
    }

    private static void OnFailFast(string reason, string? detail) => Machine(StopReason.BrokenInvariant, reason, detail);

    /// <summary>A second stop means that the report of the first one failed, and a third that the end did.</summary>
    private static bool IsFirst(StopReason reason)
    {
        stops++;
        if (stops == 1)
        {
            firstReason = reason;
        }
        else if (stops > 2)
        {
            Instruction.HaltForever();
        }

        return stops == 1;
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
    private static void End()
    {
        if (hasEnding)
        {
            ending!.End(firstReason);
        }
        else if (earlyEnding != null)
        {
            earlyEnding(firstReason); // SAFETY: it takes the reason and nothing else
        }

        while (true)
        {
            Instruction.HaltForever();
        }
    }
}

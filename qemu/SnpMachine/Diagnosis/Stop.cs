using System;
using System.Diagnostics.CodeAnalysis;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Diagnosis;

/// <summary>The ends of the machine. QEMU's debug-exit device turns the code into its own exit status: 2 * code + 1.</summary>
internal static class Stop
{
    /// <summary>I/O port of QEMU's isa-debug-exit device.</summary>
    public const ushort ExitPort = 0xF4;

    private const uint RefusedCode = 0x20;
    private const uint BrokenCode = 0x21;
    private const uint TerminatedCode = 0x22;

    /// <summary>After a refusal, which has been told: exit status 65, or 69 when the guest terminated itself.</summary>
    [DoesNotReturn]
    public static void AfterRefusal(Rule rule) => End(rule == Rule.TerminatedByGuest ? TerminatedCode : RefusedCode);

    /// <summary>The machine itself cannot go on: exit status 67.</summary>
    [DoesNotReturn]
    public static void Machine(ReadOnlySpan<byte> reason)
    {
        Channel.Line(reason);
        Json json = Json.Event("broken"u8);
        json.Text("reason"u8, reason);
        json.End();
        End(BrokenCode);
    }

    [DoesNotReturn]
    private static void End(uint code)
    {
        Counters.Print();
#if FREESTANDING
        Processor.Out32(ExitPort, code);
        // Without the device the machine stands still here, which a person sees.
        while (true)
        {
            Processor.Pause();
        }
#else
        throw new MachineStoppedException(code);
#endif
    }
}

#if !FREESTANDING
/// <summary>What a stop is when the machine's sources run hosted, in tests.</summary>
public sealed class MachineStoppedException(uint code) : Exception($"The machine stopped with code {code:X}")
{
    /// <summary>The code that the debug-exit device would get.</summary>
    public uint Code => code;
}
#endif

using System;
using System.Diagnostics.CodeAnalysis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Diagnosis;

/// <summary>Tells of a guest's mistake: the rule, the address, where the guest was, and the state of the page.</summary>
internal static unsafe class Refusal
{
    /// <summary>Whether a mistake stops the machine even where the specification has an answer for it.</summary>
    public static bool StopsAlways { get; set; }

    /// <summary>The context whose exit is being handled; null during the launch.</summary>
    public static GuestContext* Context { get; set; }

    /// <summary>The last rule that was broken.</summary>
    public static Rule Last { get; private set; }

    /// <summary>A mistake that the specification answers; the caller does so, unless the machine is strict and stops here.</summary>
    public static void Answer(Rule rule, ulong address)
    {
        if (StopsAlways)
        {
            Fatal(rule, address);
        }
        Refuse(rule, address);
    }

    /// <summary>Something that a right guest may do, yet worth telling: the answer says what to do.</summary>
    public static void Note(Rule rule, ulong address)
    {
        Counters.Notes++;
        Tell("snp: noted "u8, "noted"u8, rule, address);
    }

    /// <summary>A mistake after which no hardware goes on.</summary>
    [DoesNotReturn]
    public static void Fatal(Rule rule, ulong address)
    {
        Refuse(rule, address);
        Stop.AfterRefusal(rule);
    }

    private static void Refuse(Rule rule, ulong address)
    {
        Last = rule;
        Counters.Refusals++;
        Tell("snp: REFUSED "u8, "refused"u8, rule, address);
    }

    private static void Tell(ReadOnlySpan<byte> heading, ReadOnlySpan<byte> kind, Rule rule, ulong address)
    {
        RmpEntry* entry = Rmp.Find(address & ~NestedPaging.CBit);
        Channel.Write(Channel.TextPort, heading);
        Channel.Write(Channel.TextPort, RuleNames.Name(rule));
        Channel.Write(Channel.TextPort, ": "u8);
        Channel.Write(Channel.TextPort, RuleNames.Text(rule));
        Channel.Write(Channel.TextPort, " address 0x"u8);
        Channel.WriteHex(Channel.TextPort, address);
        Channel.Write(Channel.TextPort, ", page "u8);
        Channel.Write(Channel.TextPort, PageState.Name(entry));

        Json json = Json.Event(kind);
        json.Text("rule"u8, RuleNames.Name(rule));
        json.Address("gpa"u8, address);
        json.Text("page"u8, PageState.Name(entry));
        GuestContext* context = Context;
        if (context != null)
        {
            Channel.Write(Channel.TextPort, ", cpu "u8);
            Channel.WriteDecimal(Channel.TextPort, context->CpuIndex);
            Channel.Write(Channel.TextPort, " vmpl "u8);
            Channel.WriteDecimal(Channel.TextPort, (ulong)context->Vmpl);
            Channel.Write(Channel.TextPort, " rip 0x"u8);
            Channel.WriteHex(Channel.TextPort, context->ControlBlock->Rip);
            Channel.Write(Channel.TextPort, " exit 0x"u8);
            Channel.WriteHex(Channel.TextPort, context->ControlBlock->ExitCode);
            json.Address("rip"u8, context->ControlBlock->Rip);
            json.Address("exit"u8, context->ControlBlock->ExitCode);
            json.Number("cpu"u8, context->CpuIndex);
            json.Number("vmpl"u8, (ulong)context->Vmpl);
        }
        Channel.Write(Channel.TextPort, "\n"u8);
        json.End();
    }
}

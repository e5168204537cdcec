using System;
using LiteBox.South.Snp;

namespace LiteBox.South.Tests.Snp;

/// <summary>A host that answers as its script says; by default as the specification says.</summary>
internal sealed unsafe class LyingHost : HostExit
{
    /// <summary>What the host does with the page when asked through it; null when it only answers the MSR.</summary>
    public Action? OnPageExit { get; set; }

    /// <summary>Turns a request in the MSR into an answer.</summary>
    public Func<ulong, ulong> OnMsrExit { get; set; } = Honest;

    public int Exits { get; private set; }

    public override ulong GhcbMsr { get; set; }

    public override void Exit()
    {
        Exits++;
        if ((GhcbMsr & 0xFFF) != 0)
        {
            GhcbMsr = OnMsrExit(GhcbMsr);
        }
        else
        {
            OnPageExit?.Invoke();
        }
    }

    /// <summary>Version 1 to 2, C-bit 51, SNP; does what it is asked (56421, 2.3.1).</summary>
    public static ulong Honest(ulong request) => (request & 0xFFF) switch
    {
        0x002 => (2UL << 48) | (1UL << 32) | (51UL << 24) | 0x001,
        0x012 => (request & ~0xFFFUL) | 0x013,
        0x014 => 0x015,
        0x080 => (1UL << 12) | 0x081,
        _ => request,
    };
}

using System;

namespace LiteBox.SnpMachine.Host;

/// <summary>Reasons of a termination request in words: set 0 of the GHCB specification (56421, 2.3.1), set 1 of Linux (asm/sev-common.h), sets 2 and 3 of LiteBox.</summary>
internal static class TerminationReason
{
    public static ReadOnlySpan<byte> Text(int set, int reason) => (set, reason) switch
    {
        (0, 0) => "general"u8,
        (0, 1) => "the GHCB protocol version is not supported"u8,
        (0, 2) => "the SNP features are not supported"u8,
        (1, 0) => "Linux: GHCB registration failed"u8,
        (1, 1) => "Linux: page-state change failed"u8,
        (1, 2) => "Linux: PVALIDATE failed"u8,
        (1, 3) => "Linux: unsupported SNP features"u8,
        (1, 4) => "Linux: the CPUID page is not usable"u8,
        (1, 5) => "Linux: CPUID answer of the host is not usable"u8,
        (1, 6) => "Linux: SEV-ES and SNP state is not as expected"u8,
        (1, 7) => "Linux: secure TSC failed"u8,
        (1, 8) => "Linux: SVSM is not at VMPL0"u8,
        (1, 9) => "Linux: SVSM calling area is missing"u8,
        (1, 10) => "Linux: SVSM calling area failed"u8,
        (2, _) => "LiteBox: it stopped, and the number is that of docs/stops.md"u8,
        (3, _) => "LiteBox: the workload's exit status"u8,
        _ => "unknown reason"u8,
    };
}

using System;
using LiteBox.Platform;
using LiteBox.South.Exceptions;
using LiteBox.South.Hardware;

namespace LiteBox.South.Snp;

/// <summary>What becomes of a #VC from user mode.</summary>
internal enum VmmCommunicationVerdict
{
    /// <summary>The instruction at RIP is not the one that the exit code names, or no host has a reason to intercept it: somebody forged it.</summary>
    Forged,

    /// <summary>The instruction is CPUID: it is answered from the checked table.</summary>
    Cpuid,

    /// <summary>The program did it, and nobody does it for a program: a signal.</summary>
    Signal,
}

/// <summary>
/// #VC from user mode. CPUID is answered from the checked table; everything else is the program's own fault (T3). SECURITY: a host that injects #VC chooses the
/// exit code (WeSee, CVE-2024-25742), so the instruction at RIP must be the one that the code names (T2). The host is never asked.
/// </summary>
internal static class UserVmmCommunication
{
    private static HardwareAccess? hardware;

    /// <summary>True in an SNP guest.</summary>
    public static bool IsInUse => hardware is not null;

    /// <summary>From now on programs' CPUID is answered.</summary>
    public static void Use(HardwareAccess machine) => hardware = machine;

    /// <summary>Judges a #VC by its error code, which is an exit code, and the code at RIP.</summary>
    public static VmmCommunicationVerdict Judge(ulong exitCode, in ProgramInstruction instruction) =>
        !VmmInstruction.Matches(exitCode, instruction) ? VmmCommunicationVerdict.Forged
        : exitCode switch
        {
            VmmInstruction.Cpuid => VmmCommunicationVerdict.Cpuid,

            // The kernel reads the counter itself: a host that intercepts it has ended the guest long before a program runs (T40).
            VmmInstruction.Rdtsc or VmmInstruction.Rdtscp => VmmCommunicationVerdict.Forged,
            _ => VmmCommunicationVerdict.Signal,
        };

    /// <summary>Carries out CPUID; the program goes on behind it.</summary>
    public static void Emulate(ref UserRegisters registers, in ProgramInstruction instruction)
    {
        CpuidResult result = hardware!.Cpuid((uint)registers.Rax, (uint)registers.Rcx);
        registers.Rax = result.Eax;
        registers.Rbx = result.Ebx;
        registers.Rcx = result.Ecx;
        registers.Rdx = result.Edx;
        registers.Rip += (ulong)instruction.Length;
    }
}

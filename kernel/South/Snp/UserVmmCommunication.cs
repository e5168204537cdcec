using System;
using LiteBox.Platform;
using LiteBox.South.Hardware;
using LiteBox.South.UserAccess;

namespace LiteBox.South.Snp;

/// <summary>
/// #VC from user mode: CPUID is answered from the checked table; everything else is the program's own fault (T3). The instruction at RIP must be the one
/// that the exit code names (T2).
/// </summary>
internal static class UserVmmCommunication
{
    private const uint CpuidExit = 0x72;
    private static HardwareAccess? hardware;
    private static SouthUserMemory? memory;

    /// <summary>True in an SNP guest.</summary>
    public static bool IsInUse => hardware is not null;

    /// <summary>From now on programs' CPUID is answered.</summary>
    public static void Use(HardwareAccess machine, SouthUserMemory userMemory)
    {
        hardware = machine;
        memory = userMemory;
    }

    /// <summary>True where the instruction was carried out and the program goes on behind it.</summary>
    public static bool TryEmulate(ref UserRegisters registers, ulong errorCode)
    {
        Span<byte> opcode = stackalloc byte[2];
        if (errorCode != CpuidExit || hardware is null || memory is null
            || !memory.TryRead(new UserAddress(registers.Rip), opcode) || opcode[0] != 0x0F || opcode[1] != 0xA2)
        {
            return false;
        }

        CpuidResult result = hardware.Cpuid((uint)registers.Rax, (uint)registers.Rcx);
        registers.Rax = result.Eax;
        registers.Rbx = result.Ebx;
        registers.Rcx = result.Ecx;
        registers.Rdx = result.Edx;
        registers.Rip += 2;
        return true;
    }
}

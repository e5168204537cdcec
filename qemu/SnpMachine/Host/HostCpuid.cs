using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Host;

/// <summary>
/// CPUID as the host gives it out: QEMU's CPU model, without what belongs to the machine (SVM) or traps on an SNP host (MONITOR), and with
/// the leaf that says SNP.
/// </summary>
internal static unsafe class HostCpuid
{
    /// <summary>Memory encryption (APM volume 3, E.4.17).</summary>
    public const uint EncryptionLeaf = 0x8000_001F;

    private const uint MonitorBit = 1 << 3;
    private const uint SvmBit = 1 << 2;
    private const uint FiveLevelsBit = 1 << 16;

    /// <summary><paramref name="xcr0"/> is the guest's, for the size in leaf 0xD; 0 takes the one in force.</summary>
    public static void Query(uint leaf, uint subLeaf, ulong xcr0, out CpuidRegisters registers)
    {
        fixed (CpuidRegisters* pointer = &registers)
        {
            Processor.Cpuid(leaf, subLeaf, pointer);
        }
        switch (leaf)
        {
            case 1:
                registers.Ecx &= ~MonitorBit;
                break;
            case 5:
                registers = default;
                break;
            case 7 when subLeaf == 0 && (SecurityProcessor.Launch.Configuration->Options & MachineOptions.HideFiveLevels) != 0:
                registers.Ecx &= ~FiveLevelsBit;
                break;
            case 0xD when subLeaf == 0 && xcr0 != 0:
                registers.Ebx = ExtendedStateSize(xcr0);
                break;
            case 0x8000_0000:
                registers.Eax = registers.Eax < EncryptionLeaf ? EncryptionLeaf : registers.Eax;
                break;
            case 0x8000_0001:
                registers.Ecx &= ~SvmBit;
                break;
            case 0x8000_000A:
                registers = default;
                break;
            case EncryptionLeaf:
                registers = Encryption();
                break;
        }
    }

    // EAX: SEV, SEV-ES, SNP, VMPLs. EBX: C-bit position, one physical address bit lost, number of VMPLs. ECX: guests. EDX: first SEV ASID.
    private static CpuidRegisters Encryption()
    {
        uint position = 0;
        while (NestedPaging.CBit >> (int)position != 1)
        {
            position++;
        }
        return new CpuidRegisters { Eax = 1 << 1 | 1 << 3 | 1 << 4 | 1 << 5, Ebx = position | 1 << 6 | 4 << 12, Ecx = 16, Edx = 1 };
    }

    // The legacy area and the header, or the end of the last enabled component (APM volume 3, E.3.9).
    private static uint ExtendedStateSize(ulong xcr0)
    {
        uint size = 576;
        for (int component = 2; component < 62; component++)
        {
            if ((xcr0 >> component & 1) != 0)
            {
                CpuidRegisters registers;
                Processor.Cpuid(0xD, (uint)component, &registers);
                uint end = registers.Eax + registers.Ebx;
                size = end > size ? end : size;
            }
        }
        return size;
    }
}

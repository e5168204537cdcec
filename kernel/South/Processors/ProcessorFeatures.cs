using LiteBox.Platform;
using LiteBox.South.Hardware;

namespace LiteBox.South.Processors;

/// <summary>
/// What this kernel asks of CPUID, and nothing else (T38; APM volume 3, appendix E). A feature that is missing and needed is a refusal with a name;
/// every processor that can be an SNP guest has all of those.
/// </summary>
internal readonly struct ProcessorFeatures
{
    private ProcessorFeatures(HardwareAccess hardware)
    {
        uint lastStandard = hardware.Cpuid(0, 0).Eax;
        CpuidResult standard = hardware.Cpuid(1, 0);
        CpuidResult structured = lastStandard >= 7 ? hardware.Cpuid(7, 0) : default;
        CpuidResult extended = hardware.Cpuid(0x8000_0001, 0);
        CpuidResult saving = lastStandard >= 0xD ? hardware.Cpuid(0xD, 1) : default;

        HasXsave = Bit(standard.Ecx, 26);
        HasAvx = Bit(standard.Ecx, 28);
        HasX2Apic = Bit(standard.Ecx, 21);
        HasTscDeadline = Bit(standard.Ecx, 24);
        HasRandom = Bit(standard.Ecx, 30);
        HasProcessContextIdentifiers = Bit(standard.Ecx, 17);
        HasGlobalPages = Bit(standard.Edx, 13);
        HasApic = Bit(standard.Edx, 9);

        HasFsGsBase = Bit(structured.Ebx, 0);
        HasSupervisorExecutionPrevention = Bit(structured.Ebx, 7);
        HasSupervisorAccessPrevention = Bit(structured.Ebx, 20);
        HasSeed = Bit(structured.Ebx, 18);
        HasFastStrings = Bit(structured.Ebx, 9);
        HasUserModeInstructionPrevention = Bit(structured.Ecx, 2);

        HasNoExecute = Bit(extended.Edx, 20);
        HasSystemCall = Bit(extended.Edx, 11);
        HasXsaveOptimized = HasXsave && Bit(saving.Eax, 0);
    }

    internal bool HasXsave { get; }

    internal bool HasXsaveOptimized { get; }

    internal bool HasAvx { get; }

    internal bool HasX2Apic { get; }

    internal bool HasTscDeadline { get; }

    internal bool HasRandom { get; }

    internal bool HasSeed { get; }

    internal bool HasProcessContextIdentifiers { get; }

    internal bool HasGlobalPages { get; }

    internal bool HasApic { get; }

    internal bool HasFsGsBase { get; }

    /// <summary>SMEP: the kernel cannot execute user pages.</summary>
    internal bool HasSupervisorExecutionPrevention { get; }

    /// <summary>SMAP: the kernel cannot touch user pages but between STAC and CLAC.</summary>
    internal bool HasSupervisorAccessPrevention { get; }

    /// <summary>ERMS: REP MOVSB is as fast as anything.</summary>
    internal bool HasFastStrings { get; }

    /// <summary>UMIP: programs cannot read where the descriptor tables are.</summary>
    internal bool HasUserModeInstructionPrevention { get; }

    internal bool HasNoExecute { get; }

    internal bool HasSystemCall { get; }

    internal static ProcessorFeatures Read(HardwareAccess hardware) => new(hardware);

    /// <summary>The first needed feature that the processor lacks, or null.</summary>
    internal string? FirstMissing =>
        !HasNoExecute ? "NX"
        : !HasSystemCall ? "SYSCALL"
        : !HasSupervisorExecutionPrevention ? "SMEP"
        : !HasSupervisorAccessPrevention ? "SMAP"
        : !HasFsGsBase ? "FSGSBASE"
        : !HasXsave ? "XSAVE"
        : !HasApic ? "APIC"
        : !HasRandom && !HasSeed ? "RDRAND or RDSEED"
        : null;

    private static bool Bit(uint register, int bit) => ((register >> bit) & 1) != 0;
}

namespace LiteBox.South.Processors;

/// <summary>What the control registers are to hold (APM volume 2, 3.1 and 3.1.7 for EFER), from what the processor offers.</summary>
internal static class ControlRegisters
{
    private const ulong ProtectionEnable = 1UL << 0;
    private const ulong MonitorCoprocessor = 1UL << 1;
    private const ulong ExtensionType = 1UL << 4;
    private const ulong NumericError = 1UL << 5;

    /// <summary>CR0.WP: read-only pages are read-only for the kernel too.</summary>
    internal const ulong WriteProtect = 1UL << 16;

    private const ulong AlignmentMask = 1UL << 18;
    private const ulong Paging = 1UL << 31;

    /// <summary>CR0: protected, paged, native x87 errors, write protection, alignment checks as programs ask for them; no emulation, no lazy switching.</summary>
    internal const ulong Cr0 = ProtectionEnable | MonitorCoprocessor | ExtensionType | NumericError | WriteProtect | AlignmentMask | Paging;

    private const ulong PhysicalAddressExtension = 1UL << 5;
    private const ulong MachineCheckEnable = 1UL << 6;
    private const ulong GlobalPages = 1UL << 7;
    private const ulong SaveSse = 1UL << 9;
    private const ulong UnmaskedSseExceptions = 1UL << 10;

    /// <summary>CR4.UMIP.</summary>
    internal const ulong UserModeInstructionPrevention = 1UL << 11;

    private const ulong FsGsBase = 1UL << 16;
    private const ulong ProcessContextIdentifiers = 1UL << 17;
    private const ulong OsXsave = 1UL << 18;

    /// <summary>CR4.SMEP.</summary>
    internal const ulong SupervisorExecutionPrevention = 1UL << 20;

    /// <summary>CR4.SMAP.</summary>
    internal const ulong SupervisorAccessPrevention = 1UL << 21;

    /// <summary>CR4 for a processor that has all that is needed, with what it offers besides.</summary>
    internal static ulong Cr4(in ProcessorFeatures features) =>
        PhysicalAddressExtension | MachineCheckEnable | SaveSse | UnmaskedSseExceptions | FsGsBase | OsXsave
        | SupervisorExecutionPrevention | SupervisorAccessPrevention
        | (features.HasGlobalPages ? GlobalPages : 0)
        | (features.HasUserModeInstructionPrevention ? UserModeInstructionPrevention : 0)
        | (features.HasProcessContextIdentifiers ? ProcessContextIdentifiers : 0);

    /// <summary>EFER.SCE: SYSCALL and SYSRET exist.</summary>
    internal const ulong SystemCallEnable = 1UL << 0;

    /// <summary>EFER.NXE: page-table entries can forbid execution.</summary>
    internal const ulong NoExecuteEnable = 1UL << 11;

    /// <summary>XCR0: x87 and SSE, and AVX where there is one. Wider states wait until programs ask for them.</summary>
    internal static ulong Xcr0(in ProcessorFeatures features) => 0b011 | (features.HasAvx ? 0b100UL : 0);
}

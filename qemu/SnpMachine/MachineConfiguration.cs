using System.Runtime.InteropServices;

namespace LiteBox.SnpMachine;

/// <summary>
/// What the operator of the machine decides: one block of bytes at <see cref="PhysicalLayout.Configuration"/>, placed there by QEMU's
/// loader device. The harness fills in the same structure. Integers are little-endian.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct MachineConfiguration
{
    /// <summary>"SNPMACH1", the least significant byte first.</summary>
    public const ulong ExpectedMagic = 0x3148_4341_4D50_4E53;

    public ulong Magic;

    /// <summary>Size of this structure, so that an older block is refused.</summary>
    public uint Size;

    public MachineOptions Options;

    /// <summary>Bytes of guest memory, QEMU's -m; a multiple of 2 MiB, at most 16 GiB.</summary>
    public ulong GuestMemory;

    /// <summary>Bytes of the firmware image, which ends at 4 GiB in the guest.</summary>
    public ulong FirmwareSize;

    /// <summary>Virtual CPUs, which must be QEMU's -smp.</summary>
    public uint CpuCount;

    /// <summary>Position of the C-bit: 47, or 51 where the CPU model offers LA57 and 52 physical address bits.</summary>
    public uint CBit;

    /// <summary>Guest policy (SNP ABI 56860, table 10).</summary>
    public ulong GuestPolicy;

    /// <summary>SEV_FEATURES of the launch VMSAs (APM volume 2, table B-4); bit 0 must be set.</summary>
    public ulong SevFeatures;

    /// <summary>2, 3 or 5.</summary>
    public uint ReportVersion;

    /// <summary>Entries that one page-state-change event handles before it asks the guest to call again; 0: all of them.</summary>
    public uint PageStateChangeLimit;

    /// <summary>VMSA flavour: 1 for the register values of Linux 6.10 and later (MXCSR, FCW), 0 for those before.</summary>
    public uint VmsaFlavour;

    /// <summary>The VMPL of the launch VMSAs. Above 0 all levels get every permission on the launch's pages, and the measurement says so.</summary>
    public uint LaunchVmpl;

    /// <summary>Disk barriers in their slot (<see cref="PhysicalLayout.BarrierSlot"/>); 0 where disks answer in their own time.</summary>
    public uint DiskBarriers;

    /// <summary>Bytes of the certificate blob at <see cref="PhysicalLayout.Certificates"/>.</summary>
    public uint CertificatesSize;

    public ulong CurrentTcb;
    public ulong ReportedTcb;
    public ulong CommittedTcb;
    public ulong LaunchTcb;
    public ulong PlatformInfo;

    /// <summary>Firmware versions: build in the low byte, then minor, then major.</summary>
    public uint CurrentVersion;

    public uint CommittedVersion;
    public ulong LaunchMitigations;
    public ulong CurrentMitigations;

    /// <summary>Family, model and stepping as report versions from 3 on give them: family in the low byte, then model, then stepping.</summary>
    public uint ReportedCpu;

    /// <summary>Bytes of the original kernel's setup header that follow in <see cref="SetupHeader"/>; 0 when QEMU did not change it.</summary>
    public uint SetupHeaderSize;

    /// <summary>What a hostile host injects: the event in the form of the VMCB's EVENTINJ; 0 for a host that keeps its hands off the guest.</summary>
    public ulong InjectedEvent;

    /// <summary>Where the guest must be for it.</summary>
    public InjectionPlace InjectionPlace;

    /// <summary>Exits at that place that pass before the first injection.</summary>
    public uint InjectionDelay;

    /// <summary>How many events are injected, at one exit each; the vector goes up by one each time.</summary>
    public uint InjectionCount;

    public fixed byte HostData[32];
    public fixed byte ChipId[64];

    /// <summary>Private key of the VCEK, 48 bytes, the most significant first.</summary>
    public fixed byte VcekKey[48];

    /// <summary>What VMPCKs, REPORT_ID and derived keys are made from.</summary>
    public fixed byte Seed[32];

    /// <summary>ID block (56860, table 75) and ID authentication information, when the option says that they are there.</summary>
    public fixed byte IdBlock[96];

    public fixed byte IdAuthentication[4096];

    /// <summary>The first bytes of the kernel file as it is on disk: QEMU before 10.0 patches the copy that fw_cfg gives out.</summary>
    public fixed byte SetupHeader[1024];
}

/// <summary>Where a guest is when a hostile host injects an event.</summary>
internal enum InjectionPlace : uint
{
    /// <summary>At a kernel address, privileged.</summary>
    Kernel,

    /// <summary>In a program.</summary>
    User,
}

/// <summary>Switches of the machine.</summary>
[System.Flags]
internal enum MachineOptions : uint
{
    None = 0,

    /// <summary>A refused mistake stops the machine even where the specification has an answer for it: the default of the harness.</summary>
    StopOnRefusal = 1 << 0,

    /// <summary>Measure kernel, initrd and command line into the firmware's kernel-hashes page.</summary>
    KernelHashes = 1 << 1,

    /// <summary>An ID block is given.</summary>
    IdBlock = 1 << 2,

    /// <summary>The author key of the ID block is used.</summary>
    AuthorKey = 1 << 3,

    /// <summary>The chip identity is masked in reports.</summary>
    MaskChipId = 1 << 4,

    /// <summary>Write every GHCB event on the debug channel.</summary>
    Trace = 1 << 5,

    /// <summary>The guest's CPUID does not name five-level paging (LA57), though the machine itself uses it for a C-bit at 51.</summary>
    HideFiveLevels = 1 << 6,
}

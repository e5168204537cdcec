using System;
using LiteBox.SnpMachine.Cryptography;
using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>
/// The launch, in the order of QEMU and KVM: the firmware image page by page, the sections of its metadata in table order, a VMSA for each
/// virtual CPU (56860, section 8.17; QEMU, target/i386/sev.c).
/// </summary>
internal static unsafe class Launch
{
    private const uint ResetVector = 0xFFFF_FFF0;
    private const ulong PolicyMustBeOne = 1 << 17;
    private const ulong PolicyKnown = (1UL << 26) - 1;

    private static LaunchMeasurement s_measurement;

    /// <summary>The operator's decisions.</summary>
    public static MachineConfiguration* Configuration { get; private set; }

    /// <summary>What the launch made of them.</summary>
    public static LaunchedGuest* Guest { get; private set; }

    /// <summary>Places and measures everything. The first CPU is ready to run afterwards, and the others for their start-up IPI.</summary>
    public static void Run(MachineConfiguration* configuration, byte* firmware)
    {
        Configuration = configuration;
        Guest = (LaunchedGuest*)PageAllocator.Allocate(1);
        s_measurement = default;
        CheckPolicy(configuration->GuestPolicy);
        if (!FirmwareMetadata.TryRead(firmware, configuration->FirmwareSize, out FirmwareMetadata metadata))
        {
            Refusal.Fatal(Rule.LaunchMetadata, configuration->FirmwareSize);
        }
        ulong start = PhysicalLayout.FourGiB - configuration->FirmwareSize;
        for (ulong offset = 0; offset < configuration->FirmwareSize; offset += PhysicalLayout.PageSize)
        {
            Rmp.Launch(start + offset, Granted);
            s_measurement.Extend(LaunchPageType.Normal, start + offset, firmware + offset, Granted);
        }
        PlaceSections(in metadata);
        CreateCpus(metadata.ResetAddress);
        Finish();
    }

    // With nobody at VMPL0 to give permissions, the launch gives them.
    private static VmplPermissions Granted => Configuration->LaunchVmpl == 0 ? VmplPermissions.None : VmplPermissions.All;

    private static void CheckPolicy(ulong policy)
    {
        if ((policy & PolicyMustBeOne) == 0 || (policy & ~PolicyKnown) != 0)
        {
            Refusal.Fatal(Rule.LaunchPolicy, policy);
        }
    }

    private static void PlaceSections(in FirmwareMetadata metadata)
    {
        bool wantsHashes = (Configuration->Options & MachineOptions.KernelHashes) != 0;
        bool hasHashes = false;
        for (uint i = 0; i < metadata.Count; i++)
        {
            MetadataSection section = metadata[i];
            if (section.Address % PhysicalLayout.PageSize != 0 || section.Size % PhysicalLayout.PageSize != 0)
            {
                Refusal.Fatal(Rule.LaunchOverlap, section.Address);
            }
            hasHashes |= section.Type == SectionType.KernelHashes;
            for (ulong page = section.Address; page < (ulong)section.Address + section.Size; page += PhysicalLayout.PageSize)
            {
                PlacePage(section.Type, page, metadata.HashTable, wantsHashes);
            }
        }
        if (wantsHashes && !hasHashes)
        {
            Refusal.Fatal(Rule.LaunchKernelHashes, 0);
        }
    }

    private static void PlacePage(SectionType type, ulong address, ulong hashTable, bool wantsHashes)
    {
        if (!Rmp.IsMemory(address) || !Rmp.Launch(address, Granted))
        {
            Refusal.Fatal(Rule.LaunchOverlap, address);
        }
        byte* page = (byte*)GuestMemory.PrivateHome(address);
        Page.Fill(page, 0);
        switch (type)
        {
            case SectionType.Secrets:
                // SAFETY: the seed is a fixed buffer of 32 bytes.
                SecretsPage.Fill(page, new ReadOnlySpan<byte>(Configuration->Seed, 32), CpuSignature());
                s_measurement.Extend(LaunchPageType.Secrets, address, page, Granted);
                break;
            case SectionType.Cpuid:
                CpuidPage.Fill(page);
                s_measurement.Extend(LaunchPageType.Cpuid, address, page, Granted);
                break;
            case SectionType.KernelHashes when wantsHashes:
                // The private homes above the page are not in use yet: room for kernel and initrd, one after the other.
                ulong scratch = (address & ~(PhysicalLayout.LargePageSize - 1)) + PhysicalLayout.LargePageSize;
                if (!KernelHashes.TryFill(page, hashTable, (byte*)GuestMemory.PrivateHome(scratch), Rmp.LowMemory - scratch, Configuration))
                {
                    Refusal.Fatal(Rule.LaunchKernelHashes, hashTable);
                }
                s_measurement.Extend(LaunchPageType.Normal, address, page, Granted);
                break;
            case SectionType.SecurityMemory:
            case SectionType.SvsmCallingArea:
            case SectionType.KernelHashes:
                s_measurement.Extend(LaunchPageType.Zero, address, page, Granted);
                break;
            default:
                Refusal.Fatal(Rule.LaunchMetadata, (ulong)type);
                break;
        }
    }

    private static void CreateCpus(uint apEntry)
    {
        Vmsa* vmsa = (Vmsa*)PageAllocator.Allocate(1);
        for (uint i = 0; i < CpuTable.Count; i++)
        {
            vmsa->SetLaunchState(i == 0 ? ResetVector : apEntry, CpuSignature(), Configuration->SevFeatures, Configuration->VmsaFlavour);
            vmsa->Vmpl = (byte)Configuration->LaunchVmpl;
            s_measurement.Extend(LaunchPageType.Vmsa, LaunchMeasurement.VmsaAddress, (byte*)vmsa);
            VirtualCpu* cpu = CpuTable.Cpu(i);
            cpu->Vmpl = vmsa->Vmpl;
            ContextTransfer.Load(cpu->Current, vmsa);
        }
        CpuTable.Cpu(0)->State = CpuState.Running;
    }

    private static void Finish()
    {
        // SAFETY: the spans cover fixed buffers of the guest's structure, of the sizes said.
        Span<byte> measurement = new(Guest->Measurement, Sha384.Size);
        s_measurement.CopyTo(measurement);
        KeyDerivation.Derive(new ReadOnlySpan<byte>(Configuration->Seed, 32), "REPORT_ID"u8, 0, new Span<byte>(Guest->ReportId, 32));
        Channel.Write(Channel.TextPort, "snp: launch digest "u8);
        Channel.WriteBytes(Channel.TextPort, measurement);
        Channel.Write(Channel.TextPort, "\n"u8);
        Json json = Json.Event("launch"u8);
        json.Bytes("digest"u8, measurement);
        json.Number("cpus"u8, CpuTable.Count);
        json.Address("policy"u8, Configuration->GuestPolicy);
        json.Address("cpu_signature"u8, CpuSignature());
        json.End();
        Rule broken = (Configuration->Options & MachineOptions.IdBlock) != 0 ? IdBlock.Apply(Configuration, Guest) : Rule.None;
        if (broken != Rule.None)
        {
            Refusal.Fatal(broken, 0);
        }
    }

    private static uint CpuSignature()
    {
        CpuidRegisters registers;
        Processor.Cpuid(1, 0, &registers);
        return registers.Eax;
    }
}

using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LiteBox.Attestation;
using LiteBox.SnpMachine;

namespace LiteBox.Qemu;

/// <summary>Writes the files that QEMU's loader puts into the SNP machine's memory: its configuration and the certificates.</summary>
internal static class SnpConfigurationFile
{
    private static readonly Guid VcekGuid = new("63da758d-e664-4564-adc5-f4b93be8accd");
    private static readonly Guid AskGuid = new("4ab7b379-bbac-4fe4-a02f-05aef327c782");
    private static readonly Guid ArkGuid = new("c0b406a4-a803-4952-9743-3fb6014cd0ae");

    // Versions that machines with these TCBs have shown in public reports: 1.55.39 (attestation.md, section 1.1).
    private const uint FirmwareVersion = 39 | 55 << 8 | 1 << 16;

    /// <summary>SMT and TSME off, ECC on, alias check complete.</summary>
    private const ulong PlatformInfo = 0x24;

    private const int SetupHeaderBytes = 1024;

    /// <summary>The blob of certificates; empty when none are offered.</summary>
    public static byte[] Certificates(SnpSettings settings) => !settings.OffersCertificates ? [] : CertificateTable.Write(
    [
        (VcekGuid, File.ReadAllBytes(Path.Combine(settings.ProductFolder, "vcek.der"))),
        (AskGuid, File.ReadAllBytes(Path.Combine(settings.ProductFolder, "ask.der"))),
        (ArkGuid, File.ReadAllBytes(Path.Combine(settings.ProductFolder, "ark.der"))),
    ]);

    // SAFETY: every copy is into a fixed buffer of the structure, and no longer than it.
    public static unsafe byte[] Configuration(SnpSettings settings, VirtualMachineOptions options, long firmwareBytes, int certificateBytes)
    {
        TcbLayout layout = settings.Product == SnpProduct.Turin ? TcbLayout.Family1Ah : TcbLayout.Family19h;
        ulong tcb = TestMachine.Tcb(settings.Product).Encode(layout).Raw;
        CpuIdentity cpu = TestMachine.Cpu(settings.Product);
        MachineConfiguration block = new()
        {
            Magic = MachineConfiguration.ExpectedMagic,
            Size = (uint)sizeof(MachineConfiguration),
            Options = OptionsOf(settings),
            GuestMemory = (ulong)options.MemoryMiB << 20,
            FirmwareSize = (ulong)firmwareBytes,
            CpuCount = (uint)options.Cpus,
            CBit = (uint)settings.CBit,
            GuestPolicy = settings.Policy,
            SevFeatures = settings.SevFeatures,
            ReportVersion = (uint)settings.ReportVersion,
            PageStateChangeLimit = (uint)settings.PageStateChangeLimit,
            VmsaFlavour = 1,
            LaunchVmpl = (uint)settings.LaunchVmpl,
            DiskBarriers = (uint)DiskBarriers.Count(options),
            CertificatesSize = (uint)certificateBytes,
            CurrentTcb = tcb,
            ReportedTcb = tcb,
            CommittedTcb = tcb,
            LaunchTcb = tcb,
            PlatformInfo = PlatformInfo,
            CurrentVersion = FirmwareVersion,
            CommittedVersion = FirmwareVersion,
            ReportedCpu = (uint)(cpu.Family | cpu.Model << 8 | cpu.Stepping << 16),
        };
        if (settings.Injection is { } injection)
        {
            block.InjectedEvent = injection.Event;
            block.InjectionPlace = injection.InProgram ? InjectionPlace.User : InjectionPlace.Kernel;
            block.InjectionDelay = (uint)injection.Delay;
            block.InjectionCount = (uint)injection.Count;
        }
        settings.HostData.CopyTo(new Span<byte>(block.HostData, 32));
        TestMachine.ChipId(settings.Product).CopyTo(new Span<byte>(block.ChipId, 64));
        VcekKey(settings).CopyTo(new Span<byte>(block.VcekKey, 48));
        Seed().CopyTo(new Span<byte>(block.Seed, 32));
        if (settings.IdBlock is { } identity)
        {
            identity.Block.CopyTo(new Span<byte>(block.IdBlock, 96));
            identity.Authentication.CopyTo(new Span<byte>(block.IdAuthentication, 4096));
        }
        if (options.Boot is KernelBoot kernel)
        {
            block.SetupHeaderSize = (uint)ReadStart(kernel.Kernel, new Span<byte>(block.SetupHeader, SetupHeaderBytes));
        }
        return MemoryMarshal.AsBytes(new ReadOnlySpan<MachineConfiguration>(in block)).ToArray();
    }

    private static MachineOptions OptionsOf(SnpSettings settings) =>
        (settings.StopOnRefusal ? MachineOptions.StopOnRefusal : 0) | (settings.KernelHashes ? MachineOptions.KernelHashes : 0)
        | (settings.Trace ? MachineOptions.Trace : 0) | (settings.OffersFiveLevels ? 0 : MachineOptions.HideFiveLevels)
        | (settings.IdBlock == null ? 0 : MachineOptions.IdBlock | (settings.IdBlock.Value.HasAuthorKey ? MachineOptions.AuthorKey : 0));

    /// <summary>VM platform communication key <paramref name="number"/> of every launch: the machine derives it as SecurityProcessor/KeyDerivation.cs says.</summary>
    public static byte[] MessageKey(byte number) => HMACSHA384.HashData(Seed(), (byte[])[.. "VMPCK"u8, number])[..32];

    private static byte[] Seed() => SHA256.HashData("LiteBox.Snp test machine"u8);

    private static byte[] VcekKey(SnpSettings settings)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(settings.ProductFolder, "vcek.key.pem")));
        return key.ExportParameters(includePrivateParameters: true).D!;
    }

    private static int ReadStart(string path, Span<byte> start)
    {
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
    }
}

using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>Computes what a launch will be measured as, before it happens, in the order each monitor adds the parts.</summary>
public sealed class LaunchMeasurement
{
    private const string Subject = "launch";

    private LaunchMeasurement(byte[] digest, IReadOnlyList<byte[]> saveAreas)
    {
        Digest = digest;
        SaveAreas = saveAreas;
    }

    /// <summary>The measurement: 48 bytes under SNP, else 32.</summary>
    public byte[] Digest { get; }

    /// <summary>The measured save areas, one for each processor; empty under SEV.</summary>
    public IReadOnlyList<byte[]> SaveAreas { get; }

    /// <summary>Measures a launch.</summary>
    /// <returns>The measurement, or why the parts do not fit each other.</returns>
    public static Parsed<LaunchMeasurement> Compute(LaunchInputs inputs)
    {
        if (inputs.Vcpus is < 1 or > 4096)
        {
            return new FormatError(Subject, null, $"{inputs.Vcpus} processors cannot be launched");
        }

        return inputs.Mode switch
        {
            LaunchMode.Sev => ComputeSev(inputs, []),
            LaunchMode.SevEs => ComputeSevEs(inputs),
            LaunchMode.SnpSvsm => ComputeSvsm(inputs),
            _ => ComputeSnp(inputs),
        };
    }

    /// <summary>The launch digest after the pages of the firmware image alone, to continue from elsewhere.</summary>
    public static Parsed<byte[]> FirmwareDigest(FirmwareImage firmware)
    {
        var digest = new LaunchDigest();
        return AddFirmware(digest, firmware) is { } error ? error : digest.Value;
    }

    private static Parsed<LaunchMeasurement> ComputeSev(LaunchInputs inputs, IReadOnlyList<byte[]> saveAreas)
    {
        if (inputs.Firmware.Content is not { } content)
        {
            return new FormatError(Subject, null, "SEV and SEV-ES measure the firmware image itself, a digest of its pages is not enough");
        }

        if (inputs.KernelHashes is not null && inputs.Firmware.HashTableAddress is null)
        {
            return new FormatError(Subject, null,
                "a kernel is given but the firmware has no table of kernel hashes, so it would not be measured",
                "use an OVMF built for AmdSev, or leave the kernel out");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(content);
        if (inputs.KernelHashes is { } hashes)
        {
            hash.AppendData(hashes.Table);
        }

        foreach (var area in saveAreas)
        {
            hash.AppendData(area);
        }

        return new LaunchMeasurement(hash.GetHashAndReset(), saveAreas);
    }

    private static Parsed<LaunchMeasurement> ComputeSevEs(LaunchInputs inputs) =>
        CreateSaveAreas(inputs, sevFeatures: 0).Succeeded(out var areas, out var error) ? ComputeSev(inputs, areas) : error;

    private static Parsed<LaunchMeasurement> ComputeSnp(LaunchInputs inputs)
    {
        var digest = new LaunchDigest();
        if (inputs.Firmware.PagesDigest is { } start)
        {
            digest = new LaunchDigest(start);
        }
        else if (AddFirmware(digest, inputs.Firmware) is { } wrong)
        {
            return wrong;
        }

        if (AddSections(digest, inputs.Firmware, inputs.KernelHashes, inputs.Monitor) is { } fault)
        {
            return fault;
        }

        return CreateSaveAreas(inputs, inputs.GuestFeatures).Succeeded(out var areas, out var error) ? Finish(digest, areas) : error;
    }

    private static Parsed<LaunchMeasurement> ComputeSvsm(LaunchInputs inputs)
    {
        if (inputs.Svsm is not { } svsm)
        {
            return new FormatError(Subject, null, "the SVSM image is missing");
        }

        if (svsm.SvsmEntryOffset is not { } entry)
        {
            return new FormatError(Subject, null, "the SVSM image has no entry point in its table (a789a612-0597-4c4b-a49f-cbb1fe9d1ddd)",
                "give the SVSM's own image, not the firmware");
        }

        if (inputs.KernelHashes is not null)
        {
            return new FormatError(Subject, null, "a kernel is given, but under an SVSM it would not be measured", "leave the kernel out");
        }

        var digest = new LaunchDigest();
        if ((AddFirmware(digest, inputs.Firmware) ?? AddFirmware(digest, svsm) ?? AddSections(digest, svsm, null,
            VirtualMachineMonitor.Qemu)) is { } error)
        {
            return error;
        }

        var area = SaveArea.CreateForSvsm((uint)(svsm.Address + entry), inputs.GuestFeatures, inputs.VcpuSignature);
        return Finish(digest, [.. Enumerable.Repeat(area, inputs.Vcpus)]);
    }

    private static LaunchMeasurement Finish(LaunchDigest digest, IReadOnlyList<byte[]> areas)
    {
        foreach (var area in areas)
        {
            digest.AddVmsa(area);
        }

        return new LaunchMeasurement(digest.Value, areas);
    }

    private static FormatError? AddFirmware(LaunchDigest digest, FirmwareImage firmware)
    {
        if (firmware.Content is not { Length: > 0 } content || content.Length % LaunchDigest.PageSize != 0)
        {
            return new FormatError("firmware", firmware.Content?.Length, "the image is not whole pages of 4096 bytes",
                "give the image file as QEMU maps it (OVMF_CODE.fd or OVMF.fd)");
        }

        digest.AddNormal(firmware.Address, content);
        return null;
    }

    private static FormatError? AddSections(LaunchDigest digest, FirmwareImage firmware, KernelHashes? hashes,
        VirtualMachineMonitor monitor)
    {
        if (firmware.Sections.Count == 0)
        {
            return new FormatError("firmware", null, "it has no SEV metadata, so it cannot start as an SNP guest",
                "use an OVMF with SNP support");
        }

        if (hashes is not null && !firmware.Has(FirmwareSectionType.KernelHashes))
        {
            return new FormatError("firmware", null,
                "a kernel is given but the metadata has no section for kernel hashes (type 0x10), so it would not be measured",
                "use an OVMF built for AmdSev, or leave the kernel out");
        }

        foreach (var section in firmware.Sections)
        {
            if (AddSection(digest, firmware, section, hashes, monitor) is { } error)
            {
                return error;
            }
        }

        if (monitor.IsEc2())
        {
            // EC2 measures the CPUID page after all other sections.
            foreach (var section in firmware.Sections.Where(section => section.Type == FirmwareSectionType.Cpuid))
            {
                digest.AddWithoutContent(LaunchPageType.Cpuid, section.Address, LaunchDigest.PageSize);
            }
        }

        return null;
    }

    private static FormatError? AddSection(LaunchDigest digest, FirmwareImage firmware, FirmwareSection section, KernelHashes? hashes,
        VirtualMachineMonitor monitor)
    {
        switch (section.Type)
        {
            case FirmwareSectionType.SecurityMemory:
                digest.AddWithoutContent(monitor == VirtualMachineMonitor.Gce ? LaunchPageType.Unmeasured
                    : LaunchPageType.Zero, section.Address, section.Length);
                return null;
            case FirmwareSectionType.Secrets:
                digest.AddWithoutContent(LaunchPageType.Secrets, section.Address, LaunchDigest.PageSize);
                return null;
            case FirmwareSectionType.Cpuid when monitor.IsEc2():
                return null;
            case FirmwareSectionType.Cpuid:
                digest.AddWithoutContent(LaunchPageType.Cpuid, section.Address, LaunchDigest.PageSize);
                return null;
            case FirmwareSectionType.SvsmCallingArea:
                digest.AddWithoutContent(LaunchPageType.Zero, section.Address, section.Length);
                return null;
            case FirmwareSectionType.KernelHashes when hashes is null:
                digest.AddWithoutContent(LaunchPageType.Zero, section.Address, section.Length);
                return null;
            case FirmwareSectionType.KernelHashes:
                return AddKernelHashes(digest, firmware, section, hashes);
            default:
                return new FormatError("firmware", null,
                    $"the SEV metadata has a section of type 0x{(uint)section.Type:x}, which is not known here");
        }
    }

    private static FormatError? AddKernelHashes(LaunchDigest digest, FirmwareImage firmware, FirmwareSection section, KernelHashes hashes)
    {
        if (firmware.HashTableAddress is not { } address || hashes.ToPage(address) is not { } page
            || section.Length != LaunchDigest.PageSize)
        {
            return new FormatError("firmware", null, "the table of kernel hashes has no place inside its one page");
        }

        digest.AddNormal(section.Address, page);
        return null;
    }

    private static Parsed<byte[][]> CreateSaveAreas(LaunchInputs inputs, ulong sevFeatures)
    {
        var first = SaveArea.Create(inputs.Monitor, SaveArea.BootAddress, sevFeatures, inputs.VcpuSignature);
        if (inputs.Vcpus == 1)
        {
            return new[] { first };
        }

        if (inputs.Firmware.ResetAddress is not { } address)
        {
            return new FormatError("firmware", null,
                "it does not say where processors after the first start (00f771de-1a7e-4fcb-890e-68c77e2fb44e)",
                "use an OVMF with SEV-ES support, or one processor");
        }

        var other = SaveArea.Create(inputs.Monitor, address, sevFeatures, inputs.VcpuSignature);
        return Enumerable.Range(0, inputs.Vcpus).Select(index => index == 0 ? first : other).ToArray();
    }
}

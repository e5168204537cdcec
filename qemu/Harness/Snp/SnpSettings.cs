using System.IO;
using LiteBox.Attestation;

namespace LiteBox.Qemu;

/// <summary>What the operator of an SNP host decides, and, for the machine in software, what its processor is.</summary>
public sealed record SnpSettings
{
    /// <summary>The product whose certificates, chip and TCB the machine has.</summary>
    public SnpProduct Product { get; init; } = SnpProduct.Milan;

    /// <summary>Folder of the test root (tests/TestRoot): its keys sign the reports.</summary>
    public required string TestRoot { get; init; }

    /// <summary>Position of the C-bit, 47 or 51; 51 takes five-level page tables.</summary>
    public int CBit { get; init; } = 47;

    /// <summary>Guest policy (56860, table 10).</summary>
    public ulong Policy { get; init; } = 0x30000;

    /// <summary>SEV_FEATURES of the launch.</summary>
    public ulong SevFeatures { get; init; } = 1;

    /// <summary>
    /// The privilege level at which the launch VMSAs run, 0 to 3. Above 0 there is nobody at VMPL0: the launch gives all levels every permission on the
    /// pages that it places, and the guest can neither validate pages nor adjust their permissions, so OVMF does not come far in it. It is for
    /// firmware and kernels that shall notice, and refuse. Guests below an SVSM start at VMPL0 with the SVSM, which makes their VMSAs itself.
    /// </summary>
    public int LaunchVmpl { get; init; }

    /// <summary>Version of the attestation report: 2, 3 or 5.</summary>
    public int ReportVersion { get; init; } = 3;

    /// <summary>32 bytes that the host gives to the launch.</summary>
    public byte[] HostData { get; init; } = new byte[32];

    /// <summary>Measures kernel, initrd and command line; the firmware must have a place for their hashes.</summary>
    public bool KernelHashes { get; init; }

    /// <summary>A guest's mistake ends the machine even where the specification has an answer for it.</summary>
    public bool StopOnRefusal { get; init; } = true;

    /// <summary>Whether the guest's CPUID names five-level paging (LA57), where the processor has it: with the C-bit at 51.</summary>
    public bool OffersFiveLevels { get; init; } = true;

    /// <summary>Writes every GHCB event into the machine's text.</summary>
    public bool Trace { get; init; }

    /// <summary>Entries that one page-state change handles before the guest has to ask again; 0 for all.</summary>
    public int PageStateChangeLimit { get; init; }

    /// <summary>What a hostile host injects into the guest; null for a host that does not.</summary>
    public HostileInjection? Injection { get; init; }

    /// <summary>An ID block of 96 bytes with its authentication information of 4096, or null.</summary>
    public (byte[] Block, byte[] Authentication, bool HasAuthorKey)? IdBlock { get; init; }

    /// <summary>Whether the extended guest request hands out the certificates.</summary>
    public bool OffersCertificates { get; init; } = true;

    internal string ProductFolder => Path.Combine(TestRoot, Product.ToString().ToLowerInvariant());
}

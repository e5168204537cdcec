using System;
using System.Globalization;
using System.IO;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace LiteBox.Qemu;

/// <summary>What a computer has, and what it lacks, to run real SEV-SNP guests. Nothing but what running them takes is looked at.</summary>
/// <param name="KvmParameter">Content of kvm_amd's parameter sev_snp; null when the module is not loaded, or too old to have it.</param>
/// <param name="CanOpenKvm">Whether this user may open /dev/kvm.</param>
/// <param name="CanOpenSecurityProcessor">Whether this user may open /dev/sev, by which QEMU asks the security processor.</param>
/// <param name="QemuVersion">What `qemu-system-x86_64 --version` says.</param>
public sealed partial record SnpSupport(string? KvmParameter, bool CanOpenKvm, bool CanOpenSecurityProcessor, string QemuVersion)
{
    /// <summary>The first QEMU with the object sev-snp-guest (qapi/qom.json).</summary>
    private static readonly Version s_firstQemu = new(9, 1);

    /// <summary>Encrypted memory capabilities (APM volume 3, E.4.17): EBX has the C-bit's position in 5:0 and the reduction of address bits in 11:6.</summary>
    private const int EncryptionLeaf = unchecked((int)0x8000_001F);

    /// <summary>The computer that this runs on.</summary>
    /// <param name="qemuVersion">What `qemu-system-x86_64 --version` says.</param>
    /// <param name="root">The root of its files; tests have their own.</param>
    public static SnpSupport Find(string qemuVersion, string root = "/")
    {
        string parameter = Path.Combine(root, "sys/module/kvm_amd/parameters/sev_snp");
        return new SnpSupport(
            File.Exists(parameter) ? File.ReadAllText(parameter).Trim() : null,
            CanOpen(Path.Combine(root, "dev/kvm")),
            CanOpen(Path.Combine(root, "dev/sev")),
            qemuVersion);
    }

    /// <summary>What is missing, in a few words; null when SNP guests can run.</summary>
    public string? Missing => Lack?.What;

    /// <summary>What to do about it; null when there is nothing to do.</summary>
    public string? Remedy => Lack?.Remedy;

    private (string What, string Remedy)? Lack => this switch
    {
        { KvmParameter: null } => (
            "there is no kvm_amd that knows SNP",
            "it takes an AMD EPYC 7003 or later and Linux 6.11 or later on the host; `modprobe kvm_amd` loads it"),
        { KvmParameter: not ("Y" or "1") } => (
            "SNP is off in kvm_amd",
            "switch on SME, SEV-SNP and the RMP table in the firmware's set-up, and boot the host with mem_encrypt=on kvm_amd.sev_snp=1"),
        { CanOpenKvm: false } => ("/dev/kvm cannot be opened", "`usermod -aG kvm USER` lets a user in"),
        { CanOpenSecurityProcessor: false } => ("/dev/sev cannot be opened", "QEMU asks the security processor by it: run as root, or give the user access"),
        _ when QemuNumber() is not { } version || version < s_firstQemu => (
            $"QEMU is too old: {(QemuVersion.Length == 0 ? "none that says its version" : QemuVersion)}",
            $"it takes {s_firstQemu} or later, as in Debian 13; LITEBOX_QEMU can name one"),
        _ => null,
    };

    /// <summary>The C-bit's position, and how many bits of physical addresses encryption takes, as this processor says.</summary>
    public static (int CBit, int ReducedBits) Encryption()
    {
        int ebx = X86Base.CpuId(EncryptionLeaf, 0).Ebx;
        return (ebx & 0x3F, (ebx >> 6) & 0x3F);
    }

    private Version? QemuNumber() =>
        VersionNumber().Match(QemuVersion) is { Success: true } match
            ? new Version(Number(match.Groups["major"].Value), Number(match.Groups["minor"].Value))
            : null;

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static bool CanOpen(string device)
    {
        try
        {
            using FileStream file = new(device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"version (?<major>\d+)\.(?<minor>\d+)")]
    private static partial Regex VersionNumber();
}

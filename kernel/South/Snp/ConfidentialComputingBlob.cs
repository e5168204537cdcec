using System.Runtime.InteropServices;

namespace LiteBox.South.Snp;

/// <summary>
/// Where firmware says the launch's secrets and CPUID pages are (Linux, arch/x86/include/asm/sev.h, struct cc_blob_sev_info). Firmware is measured with
/// the guest, but the structure is checked all the same.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConfidentialComputingBlob
{
    /// <summary>"AMDE".</summary>
    private const uint ExpectedMagic = 0x4544_4D41;

    private const uint PageLength = 4096;

    public uint Magic;
    public ushort Version;
    public ushort Reserved;
    public ulong SecretsAddress;
    public uint SecretsLength;
    public uint Reserved1;
    public ulong CpuidAddress;
    public uint CpuidLength;
    public uint Reserved2;

    /// <summary>True where it is one, and names whole pages.</summary>
    public readonly bool IsValid =>
        Magic == ExpectedMagic
        && (SecretsAddress & (PageLength - 1)) == 0 && SecretsLength >= PageLength
        && (CpuidAddress & (PageLength - 1)) == 0 && CpuidLength >= PageLength;
}

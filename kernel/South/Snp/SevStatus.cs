using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>SEV_STATUS (APM volume 2, 15.34.10 and 15.36.7): which features the guest was launched with. The host cannot forge it.</summary>
internal static class SevStatus
{
    /// <summary>MSR number.</summary>
    public const uint Register = 0xC001_0131;

    private const ulong Sev = 1UL << 0;
    private const ulong EncryptedState = 1UL << 1;
    private const ulong SecureNestedPaging = 1UL << 2;

    // Features that ask nothing of the guest.
    private const ulong DebugRegisterSwap = 1UL << 7;
    private const ulong PreventHostSampling = 1UL << 8;
    private const ulong BranchBufferIsolation = 1UL << 9;

    private static readonly string[] Names =
    [
        "SEV", "SEV-ES", "SEV-SNP", "vTOM", "ReflectVC", "RestrictedInjection", "AlternateInjection", "DebugSwap", "PreventHostIBS", "BTBIsolation", "VmplSSS", "SecureTSC",
        "VmgexitParameter", "reserved", "IBSVirtualization", "reserved", "VmsaRegProt", "SMTProtection",
    ];

    private const ulong Needed = Sev | EncryptedState | SecureNestedPaging;

    /// <summary>
    /// True for an SNP guest without a feature that this kernel would have to know: vTOM, #VC reflection, restricted or alternate injection, supervisor shadow
    /// stacks, secure TSC, and whatever comes later (T39).
    /// </summary>
    public static bool IsSupported(ulong status) =>
        (status & Needed) == Needed && (status & ~(Needed | DebugRegisterSwap | PreventHostSampling | BranchBufferIsolation)) == 0;

    /// <summary>Writes the names of the features that are on, as Linux names them (T45).</summary>
    public static void WriteNames(ref LineWriter line, ulong status)
    {
        for (int bit = 0; bit < 64; bit++)
        {
            if (((status >> bit) & 1) != 0)
            {
                line.Write((byte)' ');
                line.Write(bit < Names.Length ? Names[bit] : "unknown");
            }
        }
    }
}

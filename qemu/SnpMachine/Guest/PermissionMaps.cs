using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Guest;

/// <summary>
/// The I/O and MSR permission maps of all contexts. Every port exits; every MSR exits but those that an SEV-ES guest owns and KVM passes
/// through (arch/x86/kvm/svm: the direct-access MSRs).
/// </summary>
internal static unsafe class PermissionMaps
{
    private const int IoPages = 3;
    private const int MsrPages = 2;

    public static byte* Io { get; private set; }

    public static byte* Msr { get; private set; }

    public static void Initialise()
    {
        Io = PageAllocator.Allocate(IoPages);
        Page.Fill(Io, ulong.MaxValue, IoPages);
        Msr = PageAllocator.Allocate(MsrPages);
        Page.Fill(Msr, ulong.MaxValue, MsrPages);
        Pass(0x48);        // SPEC_CTRL
        Pass(0x49);        // PRED_CMD
        Pass(0x174);       // SYSENTER_CS
        Pass(0x175);       // SYSENTER_ESP
        Pass(0x176);       // SYSENTER_EIP
        Pass(0x277);       // PAT
        Pass(0xDA0);       // XSS
        Pass(0xC000_0081); // STAR
        Pass(0xC000_0082); // LSTAR
        Pass(0xC000_0083); // CSTAR
        Pass(0xC000_0084); // SFMASK
        Pass(0xC000_0100); // FS.base
        Pass(0xC000_0101); // GS.base
        Pass(0xC000_0102); // KernelGSbase
        Pass(0xC000_0103); // TSC_AUX
    }

    // Two bits an MSR, read and write, in three ranges (APM volume 2, 15.11).
    // SAFETY: the callers above name MSRs of the first two ranges, which the map covers.
    private static void Pass(uint msr)
    {
        uint bit = msr < 0x2000 ? 2 * msr : 0x4000 + 2 * (msr - 0xC000_0000);
        Msr[bit / 8] &= (byte)~(3 << (int)(bit % 8));
    }
}

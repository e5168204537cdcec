using System.Runtime.InteropServices;

namespace LiteBox.Boot;

/// <summary>The few instructions that C# cannot express (tools/StubAssembler, set "boot").</summary>
internal static unsafe class Processor
{
    /// <summary>CR4.LA57: firmware runs with five levels of page tables (APM volume 2, 3.1.3).</summary>
    private const ulong FiveLevelPaging = 1UL << 12;

    private const uint HighestExtendedLeaf = 0x8000_0000;
    private const uint EncryptionLeaf = 0x8000_001F;
    private const uint SnpFeature = 1 << 4;
    private const uint SevStatus = 0xC001_0131;
    private const ulong SnpActive = 1 << 2;

    /// <summary>The time-stamp counter.</summary>
    // SAFETY: RDTSC has no effect on memory.
    public static ulong Timestamp => BootReadTimestamp();

    /// <summary>True where the page tables in use have five levels.</summary>
    // SAFETY: reads CR4 only; firmware runs the application at CPL 0.
    public static bool HasFiveLevelPaging => (BootReadCr4() & FiveLevelPaging) != 0;

    /// <summary>
    /// The C-bit of an SNP guest as a mask, or 0 where this is none (APM volume 3, CPUID Fn8000_001F; APM volume 2, 15.34.10, SEV_STATUS). Firmware answers
    /// CPUID from the page that the security processor checked; the register cannot be forged.
    /// </summary>
    // SAFETY: the register exists where CPUID says that SEV-SNP does.
    public static ulong EncryptionMask
    {
        get
        {
            uint* registers = stackalloc uint[4];
            BootCpuid(HighestExtendedLeaf, registers);
            if (registers[0] < EncryptionLeaf)
            {
                return 0;
            }

            BootCpuid(EncryptionLeaf, registers);
            bool isGuest = (registers[0] & SnpFeature) != 0 && (BootReadMsr(SevStatus) & SnpActive) != 0;
            return isGuest ? 1UL << (int)(registers[1] & 0x3F) : 0;
        }
    }

    /// <summary>Loads the page tables, switches to the stack and jumps to the kernel with one argument in RDI.</summary>
    // SAFETY: the tables map the code of this application where it is, and the stack and the entry point where they will be.
    public static void EnterKernel(ulong pageTables, ulong entryPoint, ulong stackTop, ulong argument) =>
        BootEnterKernel(pageTables, entryPoint, stackTop, argument);

    [DllImport("*"), SuppressGCTransition]
    private static extern ulong BootReadTimestamp();

    [DllImport("*"), SuppressGCTransition]
    private static extern ulong BootReadCr4();

    [DllImport("*"), SuppressGCTransition]
    private static extern void BootCpuid(uint leaf, uint* registers);

    [DllImport("*"), SuppressGCTransition]
    private static extern ulong BootReadMsr(uint register);

    [DllImport("*"), SuppressGCTransition]
    private static extern void BootEnterKernel(ulong pageTables, ulong entryPoint, ulong stackTop, ulong argument);
}

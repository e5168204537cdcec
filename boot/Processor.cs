using System.Runtime.InteropServices;

namespace LiteBox.Boot;

/// <summary>The few instructions that C# cannot express (tools/StubAssembler, set "boot").</summary>
internal static unsafe class Processor
{
    /// <summary>CR4.LA57: firmware runs with five levels of page tables (APM volume 2, 3.1.3).</summary>
    private const ulong FiveLevelPaging = 1UL << 12;

    /// <summary>The time-stamp counter.</summary>
    // SAFETY: RDTSC has no effect on memory.
    public static ulong Timestamp => BootReadTimestamp();

    /// <summary>True where the page tables in use have five levels.</summary>
    // SAFETY: reads CR4 only; firmware runs the application at CPL 0.
    public static bool HasFiveLevelPaging => (BootReadCr4() & FiveLevelPaging) != 0;

    /// <summary>Loads the page tables, switches to the stack and jumps to the kernel with one argument in RDI.</summary>
    // SAFETY: the tables map the code of this application where it is, and the stack and the entry point where they will be.
    public static void EnterKernel(ulong pageTables, ulong entryPoint, ulong stackTop, ulong argument) =>
        BootEnterKernel(pageTables, entryPoint, stackTop, argument);

    [DllImport("*"), SuppressGCTransition]
    private static extern ulong BootReadTimestamp();

    [DllImport("*"), SuppressGCTransition]
    private static extern ulong BootReadCr4();

    [DllImport("*"), SuppressGCTransition]
    private static extern void BootEnterKernel(ulong pageTables, ulong entryPoint, ulong stackTop, ulong argument);
}

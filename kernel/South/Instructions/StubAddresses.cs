using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LiteBox.South.Instructions;

/// <summary>Where the stubs stand that are entered by the processor or by a return address rather than by a call. Filled in by the linker.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StubAddresses
{
    /// <summary>Entry of vector 0; each further vector's entry stands <see cref="InterruptEntrySize"/> bytes behind.</summary>
    internal ulong InterruptEntries;

    /// <summary>Where SYSCALL goes.</summary>
    internal ulong SystemCallEntry;

    /// <summary>What the first switch to a user thread returns to.</summary>
    internal ulong UserThreadStart;

    /// <summary>What the first switch to a kernel thread returns to.</summary>
    internal ulong KernelThreadStart;

    /// <summary>The stubs that may fault.</summary>
    internal FaultFixups Fixups;

    /// <summary>Distance between two interrupt entries in bytes.</summary>
    internal const int InterruptEntrySize = 16;
}

/// <summary>All stubs that may fault.</summary>
[InlineArray(Count)]
internal struct FaultFixups
{
    /// <summary>How many there are.</summary>
    internal const int Count = 8;

    private FaultFixup first;
}

/// <summary>A range of stub addresses and where a fault inside goes on.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FaultFixup
{
    /// <summary>First instruction of the range.</summary>
    internal ulong Start;

    /// <summary>Behind the last instruction of the range.</summary>
    internal ulong End;

    /// <summary>Where to go on.</summary>
    internal ulong Resume;

    /// <summary>The exception that it may raise.</summary>
    internal ulong Vector;

    /// <summary>True where <paramref name="address"/> is in the range, and the exception is the range's.</summary>
    internal readonly bool Covers(ulong address, ulong vector) => address >= Start && address < End && vector == Vector;
}

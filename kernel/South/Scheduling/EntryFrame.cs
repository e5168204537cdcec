using System;

namespace LiteBox.South.Scheduling;

/// <summary>
/// What lies at the top of a user thread's kernel stack, from the top down: the XSAVE area, the image for signal frames, the user's registers, padding, the
/// XMM registers that the kernel uses; and what a switch leaves at its lower end. The stubs take the numbers from here.
/// </summary>
internal static class EntryFrame
{
    /// <summary>
    /// The XMM registers that the kernel's compiled code and stubs write to. Only these are saved at entry: the others hold the program's values all
    /// the while. The build checks the linked kernel against this list (tools/StubAssembler, VectorCheck) and fails where it has become too short.
    /// </summary>
    internal static ReadOnlySpan<byte> SavedVectors => [0, 1, 2, 3, 5, 8];

    /// <summary>How many those are.</summary>
    internal const int VectorCount = 6;

    /// <summary>Bytes of one of them.</summary>
    internal const int VectorSize = 16;

    /// <summary>Bytes of all of them.</summary>
    internal const int VectorsSize = VectorCount * VectorSize;

    /// <summary>Between the user registers, which are an odd number of words, and the vectors, which must be aligned to 16.</summary>
    internal const int VectorsPadding = 8;

    /// <summary>RBX, RBP, R12 to R15: what <see cref="Instructions.Instruction.SwitchStack"/> keeps on the stack.</summary>
    internal const int SavedRegisterCount = 6;
}

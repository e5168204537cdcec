namespace LiteBox.South.Scheduling;

/// <summary>
/// What lies at the top of a user thread's kernel stack, from the top down: the XSAVE area, the user's registers, padding, XMM0 to XMM15; and what
/// a switch leaves at its lower end. The stubs take the numbers from here.
/// </summary>
internal static class EntryFrame
{
    /// <summary>XMM0 to XMM15.</summary>
    internal const int VectorCount = 16;

    /// <summary>Bytes of one of them.</summary>
    internal const int VectorSize = 16;

    /// <summary>Bytes of all of them.</summary>
    internal const int VectorsSize = VectorCount * VectorSize;

    /// <summary>Between the user registers, which are an odd number of words, and the vectors, which must be aligned to 16.</summary>
    internal const int VectorsPadding = 8;

    /// <summary>RBX, RBP, R12 to R15: what <see cref="Instructions.Instruction.SwitchStack"/> keeps on the stack.</summary>
    internal const int SavedRegisterCount = 6;
}

using LiteBox.South.Instructions;

namespace LiteBox.South.Snp;

/// <summary>A word that the host cannot guess. The tests have a class of the same name.</summary>
internal static unsafe class PagePattern
{
    /// <summary>Random, or at worst the time.</summary>
    // SAFETY: the stub writes one word.
    public static ulong Create()
    {
        ulong pattern = 0;
        return Instruction.TryReadRandom(&pattern) == 0 ? Instruction.ReadTimestamp() : pattern;
    }
}

using LiteBox.South.Instructions;

namespace LiteBox.South.Randomness;

/// <summary>RDSEED where the processor has it, else RDRAND.</summary>
internal sealed unsafe class InstructionRandomWords : RandomWords
{
    private readonly bool hasSeed;

    internal InstructionRandomWords(bool hasSeed) => this.hasSeed = hasSeed;

    /// <inheritdoc/>
    internal override bool TryRead(out ulong word)
    {
        ulong value = 0;

        // SAFETY: the stubs write one word to a local.
        bool success = (hasSeed ? Instruction.TryReadSeed(&value) : Instruction.TryReadRandom(&value)) != 0;
        word = value;
        return success;
    }
}

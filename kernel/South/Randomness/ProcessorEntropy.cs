using System;
using System.Buffers.Binary;
using LiteBox.Platform;

namespace LiteBox.South.Randomness;

/// <summary>Where random words come from: an instruction that may have none ready, or on a broken processor gives rubbish.</summary>
internal abstract class RandomWords
{
    /// <summary>One word. False where none was ready.</summary>
    internal abstract bool TryRead(out ulong word);
}

/// <summary>
/// Random bits from RDSEED or RDRAND, with retries and a health test: a processor whose output is stuck, as early Zen 2 parts' was at all ones, gives
/// none (T43).
/// </summary>
internal sealed class ProcessorEntropy : EntropySource
{
    /// <summary>RDRAND with nothing ready ten times in a row is broken (Intel's guide to the generator, 5.2.1); RDSEED may need longer.</summary>
    private const int MaximumTries = 1000;

    /// <summary>Words that are compared with their predecessors before the first is used: 1,024 bits.</summary>
    private const int HealthWords = 16;

    private readonly RandomWords words;
    private ulong previous;

    private ProcessorEntropy(RandomWords words) => this.words = words;

    /// <summary>A source that has passed its test, or null.</summary>
    internal static ProcessorEntropy? TryCreate(RandomWords words)
    {
        ProcessorEntropy source = new(words);
        if (!source.TryReadWord(out source.previous))
        {
            return null;
        }

        for (int count = 0; count < HealthWords; count++)
        {
            if (!source.TryNext(out _))
            {
                return null;
            }
        }

        return source;
    }

    /// <inheritdoc/>
    public override bool TryFill(Span<byte> destination)
    {
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        while (!destination.IsEmpty)
        {
            if (!TryNext(out ulong word))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(last, word);
            int length = Math.Min(last.Length, destination.Length);
            last[..length].CopyTo(destination);
            destination = destination[length..];
        }

        return true;
    }

    /// <summary>A word that differs from the one before: equal ones come by chance once in 2^64.</summary>
    private bool TryNext(out ulong word)
    {
        if (!TryReadWord(out word) || word == previous || word is 0 or ulong.MaxValue)
        {
            return false;
        }

        previous = word;
        return true;
    }

    private bool TryReadWord(out ulong word)
    {
        for (int attempt = 0; attempt < MaximumTries; attempt++)
        {
            if (words.TryRead(out word))
            {
                return true;
            }
        }

        word = 0;
        return false;
    }
}

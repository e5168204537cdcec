using System;
using LiteBox.Platform;

namespace LiteBox.North.Randomness;

/// <summary>
/// The kernel's random numbers: ChaCha20 with fast key erasure (D. J. Bernstein, "Fast-key-erasure random-number generators", 2017). Each refill
/// makes the next key first, so that what was given out cannot be computed from what is in memory later. Given-out bytes are erased.
/// </summary>
internal sealed class RandomGenerator
{
    private const int BlocksInBuffer = 8;
    private const int BufferLength = BlocksInBuffer * ChaCha20.BlockLength;

    /// <summary>After so many refills fresh entropy is mixed in: about a megabyte of output.</summary>
    private const int RefillsBetweenSeeds = 2048;

    private readonly EntropySource entropy;
    private readonly byte[] key = new byte[ChaCha20.KeyLength];
    private readonly byte[] buffer = new byte[BufferLength];
    private int position = BufferLength;
    private int refills;

    /// <summary>Seeds the generator with 256 bits. SECURITY: without them nothing may run (T43), so a failing source stops the machine.</summary>
    public RandomGenerator(EntropySource entropy)
    {
        this.entropy = entropy;
        if (!entropy.TryFill(key))
        {
            throw new InvalidOperationException("The processor gives no random numbers.");
        }
    }

    /// <summary>Fills the span with random bytes.</summary>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            Span<byte> source = Take(destination.Length);
            source.CopyTo(destination);
            source.Clear();
            destination = destination.Slice(source.Length);
        }
    }

    /// <summary>
    /// Up to so many random bytes, at least one, in the generator's own memory. The caller copies and then clears them; they are never given out
    /// again.
    /// </summary>
    public Span<byte> Take(int most)
    {
        if (position == BufferLength)
        {
            Refill();
        }

        int length = Math.Min(most, BufferLength - position);
        Span<byte> taken = new(buffer, position, length);
        position += length;
        return taken;
    }

    /// <summary>Mixes in what somebody else holds for random (writes to /dev/urandom). It can make the state no more predictable.</summary>
    public void Mix(ReadOnlySpan<byte> input)
    {
        while (input.Length > 0)
        {
            int length = Math.Min(input.Length, key.Length);
            MixIntoKey(input.Slice(0, length));
            input = input.Slice(length);
        }
    }

    private void Refill()
    {
        if (++refills == RefillsBetweenSeeds)
        {
            refills = 0;
            Reseed();
        }

        for (int i = 0; i < BlocksInBuffer; i++)
        {
            ChaCha20.WriteBlock(key, (uint)i, 0, 0, 0, new Span<byte>(buffer, i * ChaCha20.BlockLength, ChaCha20.BlockLength));
        }

        TakeKeyFromBuffer();
    }

    // A source that fails now adds nothing, and the key is as good as it was.
    private void Reseed()
    {
        Span<byte> seed = stackalloc byte[ChaCha20.KeyLength];
        if (entropy.TryFill(seed))
        {
            MixIntoKey(seed);
        }

        seed.Clear();
    }

    private void MixIntoKey(ReadOnlySpan<byte> input)
    {
        for (int i = 0; i < input.Length; i++)
        {
            key[i] ^= input[i];
        }

        ChaCha20.WriteBlock(key, 0, 0, 0, 0, buffer);
        TakeKeyFromBuffer();
        buffer.AsSpan().Clear();
        position = BufferLength;
    }

    private void TakeKeyFromBuffer()
    {
        Span<byte> next = new(buffer, 0, ChaCha20.KeyLength);
        next.CopyTo(key);
        next.Clear();
        position = ChaCha20.KeyLength;
    }
}

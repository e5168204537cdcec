using LiteBox.North.Randomness;
using LiteBox.Platform;

namespace LiteBox.North.Tests.Randomness;

/// <summary>The generator behind getrandom(2) and /dev/urandom (T43).</summary>
public class RandomTests
{
    [Fact]
    public void The_block_function_gives_the_standards_block()
    {
        // RFC 8439, section 2.3.2.
        byte[] key = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];
        byte[] block = new byte[64];
        ChaCha20.WriteBlock(key, 1, 0x09000000, 0x4A000000, 0, block);
        Assert.Equal(
            "10F1E7E4D13B5915500FDD1FA32071C4C7D1F4C733C068030422AA9AC3D46C4ED2826446079FAA0914C2D705D98B02A2B5129CD1DE164EB9CBD083E8A2503C4E",
            Convert.ToHexString(block));
    }

    [Fact]
    public void Output_is_the_key_stream_behind_the_next_key()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(value => (byte)(value * 3))];
        RandomGenerator generator = new(new Source(key));
        byte[] stream = new byte[8 * 64];
        for (uint i = 0; i < 8; i++)
        {
            ChaCha20.WriteBlock(key, i, 0, 0, 0, stream.AsSpan((int)i * 64, 64));
        }

        byte[] first = new byte[480];
        generator.Fill(first.AsSpan(0, 100));
        generator.Fill(first.AsSpan(100));
        Assert.Equal(stream[32..], first);

        byte[] next = new byte[64];
        ChaCha20.WriteBlock(stream.AsSpan(0, 32), 0, 0, 0, 0, next);
        byte[] second = new byte[32];
        generator.Fill(second);
        Assert.Equal(next[32..], second);
    }

    [Fact]
    public void Mixing_changes_what_comes()
    {
        RandomGenerator one = new(new Source(new byte[32]));
        RandomGenerator other = new(new Source(new byte[32]));
        other.Mix("x"u8);
        byte[] a = new byte[32];
        byte[] b = new byte[32];
        one.Fill(a);
        other.Fill(b);
        Assert.NotEqual(a, b);
    }

    [Fact]
    public void Output_does_not_repeat_over_many_refills()
    {
        RandomGenerator generator = new(new Source(new byte[32]));
        HashSet<string> seen = [];
        byte[] piece = new byte[16];
        for (int i = 0; i < 100_000; i++)
        {
            generator.Fill(piece);
            Assert.True(seen.Add(Convert.ToHexString(piece)));
        }
    }

    [Fact]
    public void Without_entropy_there_is_no_generator() => Assert.Throws<InvalidOperationException>(() => new RandomGenerator(new Source(null)));

    private sealed class Source(byte[]? seed) : EntropySource
    {
        public override bool TryFill(Span<byte> destination)
        {
            seed?.AsSpan(0, destination.Length).CopyTo(destination);
            return seed is not null;
        }
    }
}

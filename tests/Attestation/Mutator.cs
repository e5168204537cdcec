using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Text;
using System.Text.Json;

namespace LiteBox.Attestation.Tests;

/// <summary>What an input is made of, beside bytes.</summary>
internal enum InputStructure
{
    /// <summary>Bytes and integers.</summary>
    Binary,

    /// <summary>Values with tags and lengths (X.690), one after the other.</summary>
    Der,

    /// <summary>A JSON document.</summary>
    Json,
}

/// <summary>
/// Makes inputs out of a good one, from a fixed seed: bits turned, bytes and integers set to telling values, pieces cut, doubled or moved;
/// with a structure, also whole values deleted, doubled, swapped or replaced while everything around them stays right. Now and then noise.
/// </summary>
internal sealed class Mutator(byte[] seed, InputStructure structure)
{
    private static readonly byte[] TellingBytes = [0x00, 0x01, 0x7F, 0x80, 0xFF, 0x30, (byte)'"', (byte)'{', (byte)'}', (byte)'[',
        (byte)'\\', (byte)'-'];

    private static readonly ulong[] TellingNumbers = [0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000,
        0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, ulong.MaxValue];

    private static readonly byte[][] TellingTokens = [.. new[]
    {
        "null", "true", "false", "0", "-1", "1e999", "0.5", "4294967296", "18446744073709551616", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"0x\"", "\"ff\"", "[]", "{}", "[[[[[[[[]]]]]]]]", "\"AAAA\"", "\"-----BEGIN CERTIFICATE-----\"", ",", ":", "",
    }.Select(Encoding.ASCII.GetBytes)];

    private readonly Random random = new(seed.Length);
    private readonly List<(int Start, int Length)> tokens = structure == InputStructure.Json ? Tokens(seed) : [];

    internal byte[] Next()
    {
        if (random.Next(64) == 0)
        {
            var noise = new byte[random.Next(2 * seed.Length)];
            random.NextBytes(noise);
            return noise;
        }

        if (structure != InputStructure.Binary && random.Next(2) == 0)
        {
            return structure == InputStructure.Der ? ChangeValues() : ChangeTokens();
        }

        var input = (byte[])seed.Clone();
        for (var count = random.Next(1, 5); count > 0 && input.Length > 0; count--)
        {
            input = ChangeBytes(input);
        }

        return input;
    }

    private byte[] ChangeBytes(byte[] input)
    {
        var place = random.Next(input.Length);
        switch (random.Next(8))
        {
            case 0:
                input[place] = TellingBytes[random.Next(TellingBytes.Length)];
                return input;
            case 1:
                return input[..place];
            case 2:
                return [.. input[..place], .. input[place..].Reverse()];
            case 3:
                return [.. input[..place], .. input[random.Next(input.Length)..]];
            case 4:
                SetNumber(input.AsSpan(place & ~3));
                return input;
            default:
                input[place] ^= (byte)(1 << random.Next(8));
                return input;
        }
    }

    /// <summary>Integers stand at multiples of their size, in either order of bytes.</summary>
    private void SetNumber(Span<byte> place)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, TellingNumbers[random.Next(TellingNumbers.Length)]);
        var size = Math.Min(place.Length, 1 << random.Next(1, 4));
        if (random.Next(2) == 0)
        {
            number[..size].Reverse();
        }

        number[..size].CopyTo(place);
    }

    private byte[] ChangeTokens()
    {
        var input = new List<byte>(seed.Length + 64);
        var first = random.Next(tokens.Count);
        var (start, length) = tokens[first];
        var replacement = random.Next(3) switch
        {
            0 => seed.AsSpan(tokens[random.Next(tokens.Count)].Start, 1).ToArray(),
            1 => seed.AsSpan(start, length).ToArray().Concat(seed.AsSpan(start, length).ToArray()).ToArray(),
            _ => TellingTokens[random.Next(TellingTokens.Length)],
        };
        input.AddRange(seed.AsSpan(0, start));
        input.AddRange(replacement);
        input.AddRange(seed.AsSpan(start + length));
        return [.. input];
    }

    private static List<(int Start, int Length)> Tokens(byte[] json)
    {
        var found = new List<(int, int)>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            found.Add(((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex)));
        }

        return found;
    }

    private byte[] ChangeValues()
    {
        var root = new DerValue { Children = DerValue.Read(seed) };
        for (var count = random.Next(1, 3); count > 0; count--)
        {
            var parents = root.WithChildren().ToList();
            var siblings = parents[random.Next(parents.Count)].Children!;
            if (siblings.Count > 0)
            {
                ChangeValue(siblings, random.Next(siblings.Count), parents);
            }
        }

        return root.Content();
    }

    private void ChangeValue(List<DerValue> siblings, int place, List<DerValue> parents)
    {
        switch (random.Next(7))
        {
            case 0:
                siblings.RemoveAt(place);
                break;
            case 1:
                siblings.Insert(place, siblings[place]);
                break;
            case 2:
                siblings.Reverse();
                break;
            case 3:
                siblings[place] = new DerValue { Tag = (byte)random.Next(256), Bytes = siblings[place].Content() };
                break;
            case 4:
                siblings[place] = new DerValue { Tag = siblings[place].Tag, Bytes = Enumerable.Repeat(
                    TellingBytes[random.Next(TellingBytes.Length)], random.Next(12)).ToArray() };
                break;
            case 5:
                var others = parents[random.Next(parents.Count)].Children!;
                siblings[place] = others.Count > 0 ? new DerValue { Tag = siblings[place].Tag, Bytes = others[0].Content() } : siblings[place];
                break;
            default:
                var content = siblings[place].Content();
                if (content.Length > 0)
                {
                    content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
                }

                siblings[place] = new DerValue { Tag = siblings[place].Tag, Bytes = content };
                break;
        }
    }

    /// <summary>A value with its parts, when it is made of parts.</summary>
    private sealed class DerValue
    {
        private const int Constructed = 0x20;

        internal byte Tag { get; init; }

        internal byte[] Bytes { get; init; } = [];

        internal List<DerValue>? Children { get; init; }

        internal static List<DerValue> Read(ReadOnlySpan<byte> data)
        {
            var values = new List<DerValue>();
            while (!data.IsEmpty)
            {
                AsnDecoder.ReadEncodedValue(data, AsnEncodingRules.DER, out var start, out var length, out var consumed);
                var content = data.Slice(start, length);
                values.Add(new DerValue
                {
                    Tag = data[0],
                    Bytes = content.ToArray(),
                    Children = (data[0] & Constructed) != 0 ? Read(content) : null,
                });
                data = data[consumed..];
            }

            return values;
        }

        internal IEnumerable<DerValue> WithChildren() => Children is null ? [] : Children.SelectMany(child => child.WithChildren()).Prepend(this);

        internal byte[] Content() => Children is null ? [.. Bytes] : [.. Children.SelectMany(child => child.Encoded())];

        private IEnumerable<byte> Encoded()
        {
            var content = Content();
            byte[] length = content.Length < 0x80 ? [(byte)content.Length] : content.Length < 0x100 ? [0x81, (byte)content.Length]
                : [0x82, (byte)(content.Length >> 8), (byte)content.Length];
            return [Tag, .. length, .. content];
        }
    }
}

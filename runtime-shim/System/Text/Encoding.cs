namespace System.Text;

/// <summary>Text as bytes. Of .NET's encodings there are UTF-8, ASCII and Latin-1, each replacing what it cannot say.</summary>
public abstract class Encoding
{
    public static Encoding UTF8 { get; } = new Utf8Encoding();

    public static Encoding ASCII { get; } = new NarrowEncoding(0x7F, '\uFFFD');

    public static Encoding Latin1 { get; } = new NarrowEncoding(0xFF, '?');

    public abstract int GetByteCount(ReadOnlySpan<char> chars);

    public abstract int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes);

    public abstract int GetCharCount(ReadOnlySpan<byte> bytes);

    public abstract int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars);

    public int GetMaxByteCount(int charCount) => (charCount + 1) * 3;

    public int GetByteCount(string s) => GetByteCount((ReadOnlySpan<char>)s);

    public byte[] GetBytes(string s)
    {
        byte[] bytes = new byte[GetByteCount((ReadOnlySpan<char>)s)];
        GetBytes((ReadOnlySpan<char>)s, bytes);
        return bytes;
    }

    public bool TryGetBytes(ReadOnlySpan<char> chars, Span<byte> bytes, out int bytesWritten)
    {
        bool fits = GetByteCount(chars) <= bytes.Length;
        bytesWritten = fits ? GetBytes(chars, bytes) : 0;
        return fits;
    }

    public string GetString(byte[] bytes) => GetString((ReadOnlySpan<byte>)bytes);

    public string GetString(byte[] bytes, int index, int count) => GetString(new ReadOnlySpan<byte>(bytes, index, count));

    public string GetString(ReadOnlySpan<byte> bytes)
    {
        string text = string.FastAllocateString(GetCharCount(bytes));
        GetChars(bytes, text.AsWritable());
        return text;
    }

    /// <summary>One byte a character: ASCII and Latin-1.</summary>
    private sealed class NarrowEncoding(byte last, char replacement) : Encoding
    {
        public override int GetByteCount(ReadOnlySpan<char> chars) => chars.Length;

        public override int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes)
        {
            for (int i = 0; i < chars.Length; i++)
            {
                bytes[i] = chars[i] <= last ? (byte)chars[i] : (byte)'?';
            }

            return chars.Length;
        }

        public override int GetCharCount(ReadOnlySpan<byte> bytes) => bytes.Length;

        public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                chars[i] = bytes[i] <= last ? (char)bytes[i] : replacement;
            }

            return bytes.Length;
        }
    }
}

/// <summary>UTF-8 as RFC 3629 has it. A maximal part of a bad sequence becomes one U+FFFD, as in .NET.</summary>
internal sealed class Utf8Encoding : Encoding
{
    private const uint Replacement = 0xFFFD;

    public override int GetByteCount(ReadOnlySpan<char> chars)
    {
        int count = 0;
        while (!chars.IsEmpty)
        {
            uint scalar = ReadScalar(ref chars);
            count += scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
        }

        return count;
    }

    public override int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes)
    {
        int at = 0;
        while (!chars.IsEmpty)
        {
            uint scalar = ReadScalar(ref chars);
            if (scalar < 0x80)
            {
                bytes[at++] = (byte)scalar;
            }
            else if (scalar < 0x800)
            {
                bytes[at++] = (byte)(0xC0 | (scalar >> 6));
                bytes[at++] = Continuation(scalar);
            }
            else if (scalar < 0x10000)
            {
                bytes[at++] = (byte)(0xE0 | (scalar >> 12));
                bytes[at++] = Continuation(scalar >> 6);
                bytes[at++] = Continuation(scalar);
            }
            else
            {
                bytes[at++] = (byte)(0xF0 | (scalar >> 18));
                bytes[at++] = Continuation(scalar >> 12);
                bytes[at++] = Continuation(scalar >> 6);
                bytes[at++] = Continuation(scalar);
            }
        }

        return at;
    }

    public override int GetCharCount(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        while (!bytes.IsEmpty)
        {
            count += ReadScalar(ref bytes) < 0x10000 ? 1 : 2;
        }

        return count;
    }

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        int at = 0;
        while (!bytes.IsEmpty)
        {
            uint scalar = ReadScalar(ref bytes);
            if (scalar < 0x10000)
            {
                chars[at++] = (char)scalar;
            }
            else
            {
                chars[at++] = (char)(0xD800 + ((scalar - 0x10000) >> 10));
                chars[at++] = (char)(0xDC00 + ((scalar - 0x10000) & 0x3FF));
            }
        }

        return at;
    }

    private static byte Continuation(uint scalar) => (byte)(0x80 | (scalar & 0x3F));

    private static uint ReadScalar(ref ReadOnlySpan<char> chars)
    {
        char first = chars[0];
        chars = chars[1..];
        if (!char.IsSurrogate(first))
        {
            return first;
        }

        if (char.IsHighSurrogate(first) && !chars.IsEmpty && char.IsLowSurrogate(chars[0]))
        {
            uint scalar = 0x10000 + (((uint)first - 0xD800) << 10) + ((uint)chars[0] - 0xDC00);
            chars = chars[1..];
            return scalar;
        }

        return Replacement;
    }

    private static uint ReadScalar(ref ReadOnlySpan<byte> bytes)
    {
        uint first = bytes[0];
        bytes = bytes[1..];
        int more = first < 0x80 ? 0 : first is >= 0xC2 and < 0xE0 ? 1 : first is >= 0xE0 and < 0xF0 ? 2 : first is >= 0xF0 and < 0xF5 ? 3 : -1;
        if (more <= 0)
        {
            return more == 0 ? first : Replacement;
        }

        // The second byte of some sequences has a narrower range, so that there is one encoding of each scalar and none of surrogates.
        uint least = first == 0xE0 ? 0xA0u : first == 0xF0 ? 0x90u : 0x80u;
        uint most = first == 0xED ? 0x9Fu : first == 0xF4 ? 0x8Fu : 0xBFu;
        uint scalar = first & (0x3Fu >> more);
        for (; more > 0; more--)
        {
            if (bytes.IsEmpty || bytes[0] < least || bytes[0] > most)
            {
                return Replacement;
            }

            scalar = (scalar << 6) | (bytes[0] & 0x3Fu);
            bytes = bytes[1..];
            (least, most) = (0x80, 0xBF);
        }

        return scalar;
    }
}

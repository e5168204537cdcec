using System;

namespace LiteBox.North.Text;

/// <summary>
/// Builds ASCII text for /proc: numbers padded as printf pads them, names, lines. It grows as needed; the text is taken with <see cref="ToArray"/>.
/// </summary>
internal ref struct TextWriter
{
    private const int InitialCapacity = 512;

    private byte[] buffer;

    /// <summary>An empty text.</summary>
    public TextWriter() => buffer = new byte[InitialCapacity];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The text so far, in the writer's own memory.</summary>
    public readonly ReadOnlySpan<byte> Written => new(buffer, 0, Length);

    /// <summary>The text as an array of its own.</summary>
    public readonly byte[] ToArray() => Written.ToArray();

    public void Add(byte value)
    {
        Reserve(1);
        buffer[Length++] = value;
    }

    public void Add(scoped ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(buffer.AsSpan(Length));
        Length += text.Length;
    }

    /// <summary>Adds text that has ASCII characters only.</summary>
    public void Add(string text)
    {
        Reserve(text.Length);
        foreach (char value in text)
        {
            buffer[Length++] = (byte)value;
        }
    }

    /// <summary>Adds a number, to the right of <paramref name="width"/> characters (printf's %*ld).</summary>
    public void Add(long value, int width = 0)
    {
        if (value < 0)
        {
            Span<byte> text = stackalloc byte[1 + DecimalText.MaximumLength];
            text[0] = (byte)'-';
            int length = 1 + DecimalText.Write(text.Slice(1), unchecked((ulong)-value));
            AddPadded(text.Slice(0, length), width, (byte)' ');
        }
        else
        {
            AddUnsigned((ulong)value, width);
        }
    }

    /// <summary>Adds a number without sign, to the right of <paramref name="width"/> characters, filled with <paramref name="fill"/>.</summary>
    public void AddUnsigned(ulong value, int width = 0, byte fill = (byte)' ')
    {
        Span<byte> text = stackalloc byte[DecimalText.MaximumLength];
        AddPadded(text.Slice(0, DecimalText.Write(text, value)), width, fill);
    }

    /// <summary>Adds a number in base 16, lower case, with at least <paramref name="digits"/> digits.</summary>
    public void AddHex(ulong value, int digits = 1) => AddBase(value, 4, digits);

    /// <summary>Adds a number in base 8 with at least <paramref name="digits"/> digits.</summary>
    public void AddOctal(ulong value, int digits = 1) => AddBase(value, 3, digits);

    /// <summary>Adds text with what would end a field in /proc/mounts (blank, tab, newline, backslash, and '#' in names) written as \ooo.</summary>
    public void AddEscaped(scoped ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            if (value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\\' or (byte)'#')
            {
                Add((byte)'\\');
                AddOctal(value, 3);
            }
            else
            {
                Add(value);
            }
        }
    }

    /// <summary>Adds blanks until the text since <paramref name="start"/> is <paramref name="width"/> long.</summary>
    public void PadTo(int start, int width)
    {
        while (Length - start < width)
        {
            Add((byte)' ');
        }
    }

    private void AddBase(ulong value, int shift, int digits)
    {
        Span<byte> text = stackalloc byte[24];
        int start = text.Length;
        do
        {
            int digit = (int)(value & ((1UL << shift) - 1));
            text[--start] = (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
            value >>= shift;
        }
        while (value != 0);

        AddPadded(text.Slice(start), digits, (byte)'0');
    }

    private void AddPadded(scoped ReadOnlySpan<byte> text, int width, byte fill)
    {
        for (int i = text.Length; i < width; i++)
        {
            Add(fill);
        }

        Add(text);
    }

    private void Reserve(int count)
    {
        if (Length + count <= buffer.Length)
        {
            return;
        }

        int capacity = buffer.Length;
        while (capacity < Length + count)
        {
            capacity *= 2;
        }

        byte[] larger = new byte[capacity];
        Written.CopyTo(larger);
        buffer = larger;
    }
}

using System.Runtime.CompilerServices;

namespace System.Text;

/// <summary>Text that grows.</summary>
public sealed class StringBuilder
{
    private const int FirstCapacity = 16;

    private char[] _text;
    private int _length;

    public StringBuilder()
        : this(FirstCapacity)
    {
    }

    public StringBuilder(int capacity) => _text = new char[Math.Max(capacity, FirstCapacity)];

    public StringBuilder(string? value)
        : this() => Append(value);

    public int Length
    {
        get => _length;
        set
        {
            EnsureCapacity(value);
            if (value > _length)
            {
                Array.Clear(_text, _length, value - _length);
            }

            _length = value;
        }
    }

    public int Capacity => _text.Length;

    public char this[int index]
    {
        get => (uint)index < (uint)_length ? _text[index] : throw new IndexOutOfRangeException();
        set => _text[(uint)index < (uint)_length ? index : throw new ArgumentOutOfRangeException(nameof(index))] = value;
    }

    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (capacity > _text.Length)
        {
            Array.Resize(ref _text!, Math.Max(capacity, 2 * _text.Length));
        }

        return _text.Length;
    }

    public StringBuilder Append(ReadOnlySpan<char> value)
    {
        EnsureCapacity(checked(_length + value.Length));
        value.CopyTo(new Span<char>(_text)[_length..]);
        _length += value.Length;
        return this;
    }

    public StringBuilder Append(string? value) => Append((ReadOnlySpan<char>)value);

    public StringBuilder Append(string? value, int startIndex, int count) => Append(value.AsSpan(startIndex, count));

    public StringBuilder Append(char value) => Append(new ReadOnlySpan<char>(in value));

    public StringBuilder Append(char value, int repeatCount)
    {
        for (int i = 0; i < repeatCount; i++)
        {
            Append(value);
        }

        return this;
    }

    public StringBuilder Append(bool value) => Append(value.ToString());

    public StringBuilder Append(byte value) => AppendFormatted(value);

    public StringBuilder Append(sbyte value) => AppendFormatted(value);

    public StringBuilder Append(short value) => AppendFormatted(value);

    public StringBuilder Append(ushort value) => AppendFormatted(value);

    public StringBuilder Append(int value) => AppendFormatted(value);

    public StringBuilder Append(uint value) => AppendFormatted(value);

    public StringBuilder Append(long value) => AppendFormatted(value);

    public StringBuilder Append(ulong value) => AppendFormatted(value);

    public StringBuilder Append(object? value) => Append(value?.ToString());

    public StringBuilder Append([InterpolatedStringHandlerArgument("")] ref AppendInterpolatedStringHandler handler) => this;

    public StringBuilder AppendLine() => Append('\n');

    public StringBuilder AppendLine(string? value) => Append(value).Append('\n');

    public StringBuilder AppendLine([InterpolatedStringHandlerArgument("")] ref AppendInterpolatedStringHandler handler) => Append('\n');

    public StringBuilder Insert(int index, string? value)
    {
        string rest = ToString(index, _length - index);
        _length = index;
        return Append(value).Append(rest);
    }

    public StringBuilder Remove(int startIndex, int length)
    {
        if (startIndex < 0 || length < 0 || length > _length - startIndex)
        {
            throw new ArgumentOutOfRangeException(nameof(length));
        }

        Array.Copy(_text, startIndex + length, _text, startIndex, _length - startIndex - length);
        _length -= length;
        return this;
    }

    public StringBuilder Clear()
    {
        _length = 0;
        return this;
    }

    public override string ToString() => new(new ReadOnlySpan<char>(_text, 0, _length));

    public string ToString(int startIndex, int length) => new(new ReadOnlySpan<char>(_text, 0, _length).Slice(startIndex, length));

    private StringBuilder AppendFormatted<T>(T value, int alignment = 0, string? format = null)
    {
        int written;
        while (!InterpolatedText.TryFormatAligned(value, alignment, format, new Span<char>(_text)[_length..], out written))
        {
            EnsureCapacity(_text.Length + 1);
        }

        _length += written;
        return this;
    }

    [InterpolatedStringHandler]
    public readonly struct AppendInterpolatedStringHandler(int literalLength, int formattedCount, StringBuilder stringBuilder)
    {
        public void AppendLiteral(string value) => stringBuilder.Append(value);

        public void AppendFormatted(string? value) => stringBuilder.Append(value);

        public void AppendFormatted(ReadOnlySpan<char> value) => stringBuilder.Append(value);

        public void AppendFormatted<T>(T value) => stringBuilder.AppendFormatted(value);

        public void AppendFormatted<T>(T value, string? format) => stringBuilder.AppendFormatted(value, 0, format);

        public void AppendFormatted<T>(T value, int alignment, string? format = null) => stringBuilder.AppendFormatted(value, alignment, format);
    }
}

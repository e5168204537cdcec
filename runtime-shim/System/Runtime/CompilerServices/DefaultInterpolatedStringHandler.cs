using System.Text;

namespace System.Runtime.CompilerServices;

/// <summary>What a plain interpolated string compiles to. It allocates, so it is for cold paths: hot ones write into a span.</summary>
[InterpolatedStringHandler]
public readonly ref struct DefaultInterpolatedStringHandler(int literalLength, int formattedCount)
{
    private const int GuessedHoleLength = 11;

    private readonly StringBuilder _text = new(literalLength + (formattedCount * GuessedHoleLength));

    public void AppendLiteral(string value) => _text.Append(value);

    public void AppendFormatted(string? value) => _text.Append(value);

    public void AppendFormatted(scoped ReadOnlySpan<char> value) => _text.Append(value);

    public void AppendFormatted<T>(T value) => Handler.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => Handler.AppendFormatted(value, format);

    public void AppendFormatted<T>(T value, int alignment) => Handler.AppendFormatted(value, alignment);

    public void AppendFormatted<T>(T value, int alignment, string? format) => Handler.AppendFormatted(value, alignment, format);

    public override string ToString() => _text.ToString();

    public string ToStringAndClear() => _text.ToString();

    private StringBuilder.AppendInterpolatedStringHandler Handler => new(0, 0, _text);
}

using System;
using System.Text;

namespace LiteBox.Conformance;

/// <summary>What a case has to say: lines that must be the same on stock .NET and on the runtime shim.</summary>
public sealed class Report
{
    private readonly StringBuilder _text = new();

    public void Line(string text) => _text.Append(text).Append('\n');

    public void Value(string name, string? value) => _text.Append(name).Append(" = ").Append(value ?? "null").Append('\n');

    public void Value(string name, long value) => _text.Append(name).Append(" = ").Append(value).Append('\n');

    public void Value(string name, ulong value) => _text.Append(name).Append(" = ").Append(value).Append('\n');

    public void Value(string name, int value) => Value(name, (long)value);

    public void Value(string name, uint value) => Value(name, (ulong)value);

    public void Value(string name, bool value) => Value(name, value ? "yes" : "no");

    /// <summary>Only the sign: comparers differ in how far they go.</summary>
    public void Order(string name, int value) => Value(name, value < 0 ? "less" : value > 0 ? "greater" : "equal");

    public void Values(string name, ReadOnlySpan<int> values)
    {
        _text.Append(name).Append(" =");
        foreach (int value in values)
        {
            _text.Append(' ').Append(value);
        }

        _text.Append('\n');
    }

    public override string ToString() => _text.ToString();
}

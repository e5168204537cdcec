using System.Diagnostics.CodeAnalysis;

namespace LiteBox.Attestation;

/// <summary>
/// What a parser answers: a value, or the error that kept it from having one. Expected failure is a value here, never an exception.
/// </summary>
/// <typeparam name="T">What is read.</typeparam>
public readonly struct Parsed<T>
    where T : class
{
    private Parsed(T? value, FormatError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value; null when there is an error.</summary>
    public T? Value { get; }

    /// <summary>The error; null when there is a value.</summary>
    public FormatError? Error { get; }

    /// <summary>Tells the two answers apart.</summary>
    /// <param name="value">The value when the answer is true.</param>
    /// <param name="error">The error when the answer is false.</param>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out FormatError? error)
    {
        value = Value;
        error = Error;
        return value is not null;
    }

    /// <summary>A value is an answer.</summary>
    public static implicit operator Parsed<T>(T value) => new(value, null);

    /// <summary>An error is an answer.</summary>
    public static implicit operator Parsed<T>(FormatError error) => new(null, error);
}

using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A value that may be missing.</summary>
public struct Nullable<T>
    where T : struct
{
    private readonly bool hasValue;
    internal T value;

    public Nullable(T value)
    {
        this.value = value;
        hasValue = true;
    }

    public readonly bool HasValue => hasValue;

    public readonly T Value => hasValue ? value : throw new InvalidOperationException("The nullable has no value.");

    public readonly T GetValueOrDefault() => value;

    public readonly T GetValueOrDefault(T defaultValue) => hasValue ? value : defaultValue;

    public override bool Equals(object? other) => hasValue ? other != null && value.Equals(other) : other == null;

    public override int GetHashCode() => hasValue ? value.GetHashCode() : 0;

    public override string? ToString() => hasValue ? value.ToString() : "";

    public static implicit operator T?(T value) => new T?(value);

    public static explicit operator T(T? value) => value!.Value;
}

public static class Nullable
{
    public static bool Equals<T>(T? left, T? right)
        where T : struct =>
        left.HasValue ? right.HasValue && EqualityComparer<T>.Default.Equals(left.value, right.value) : !right.HasValue;

    public static int Compare<T>(T? left, T? right)
        where T : struct =>
        left.HasValue ? right.HasValue ? Comparer<T>.Default.Compare(left.value, right.value) : 1 : right.HasValue ? -1 : 0;
}

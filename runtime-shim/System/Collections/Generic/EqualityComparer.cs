using Internal.IntrinsicSupport;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>Equality as the type itself has it. For structs the compiler chooses the comparer and calls it directly.</summary>
public abstract class EqualityComparer<T> : IEqualityComparer<T>
{
    public static EqualityComparer<T> Default
    {
        [Intrinsic]
        get;
    } = Create();

    // The compiler replaces the body for all types but those of shared generic code: references.
    [Intrinsic]
    private static EqualityComparer<T> Create() => typeof(T) == typeof(string)
        ? Unsafe.As<EqualityComparer<T>>(new StringEqualityComparer())
        : new ObjectEqualityComparer<T>();

    public abstract bool Equals(T? x, T? y);

    public abstract int GetHashCode([DisallowNull] T obj);
}

internal sealed class GenericEqualityComparer<T> : EqualityComparer<T>
    where T : IEquatable<T>?
{
    public override bool Equals(T? x, T? y) => x is null ? y is null : y is not null && x.Equals(y);

    public override int GetHashCode(T? obj) => obj is null ? 0 : obj.GetHashCode();
}

internal sealed class ObjectEqualityComparer<T> : EqualityComparer<T>
{
    public override bool Equals(T? x, T? y) => x is null ? y is null : y is not null && x.Equals(y);

    public override int GetHashCode(T? obj) => obj is null ? 0 : obj.GetHashCode();
}

internal sealed class NullableEqualityComparer<T> : EqualityComparer<T?>
    where T : struct
{
    public override bool Equals(T? x, T? y) =>
        x.HasValue ? y.HasValue && EqualityComparer<T>.Default.Equals(x.GetValueOrDefault(), y.GetValueOrDefault()) : !y.HasValue;

    public override int GetHashCode(T? obj) => obj.GetHashCode();
}

internal sealed class EnumEqualityComparer<T> : EqualityComparer<T>
    where T : struct, Enum
{
    public override bool Equals(T x, T y) => EqualityComparerHelpers.EnumOnlyEquals(x, y);

    public override int GetHashCode(T obj) => Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.BitCast<T, byte>(obj),
        2 => Unsafe.BitCast<T, ushort>(obj),
        4 => Unsafe.BitCast<T, int>(obj),
        _ => Unsafe.BitCast<T, ulong>(obj).GetHashCode(),
    };
}

internal sealed class StringEqualityComparer : EqualityComparer<string>
{
    public override bool Equals(string? x, string? y) => string.Equals(x, y);

    public override int GetHashCode(string obj) => obj.GetHashCode();
}

public sealed class ReferenceEqualityComparer : IEqualityComparer<object?>
{
    private ReferenceEqualityComparer()
    {
    }

    public static ReferenceEqualityComparer Instance { get; } = new();

    public new bool Equals(object? x, object? y) => x == y;

    public int GetHashCode(object? obj) => RuntimeHelpers.GetHashCode(obj);
}

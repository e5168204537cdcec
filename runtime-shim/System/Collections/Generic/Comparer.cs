using Internal.IntrinsicSupport;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>Order as the type itself has it. For structs the compiler chooses the comparer and calls it directly.</summary>
public abstract class Comparer<T> : IComparer<T>
{
    public static Comparer<T> Default
    {
        [Intrinsic]
        get;
    } = Create();

    // The compiler replaces the body for all types but those of shared generic code: references.
    [Intrinsic]
    private static Comparer<T> Create() => new ObjectComparer<T>();

    public static Comparer<T> Create(Comparison<T> comparison) => new ComparisonComparer<T>(comparison);

    public abstract int Compare(T? x, T? y);
}

internal sealed class GenericComparer<T> : Comparer<T>
    where T : IComparable<T>?
{
    public override int Compare(T? x, T? y) => x is null ? (y is null ? 0 : -1) : y is null ? 1 : x.CompareTo(y);
}

internal sealed class ObjectComparer<T> : Comparer<T>
{
    public override int Compare(T? x, T? y)
    {
        if (x is null || y is null)
        {
            return x is null ? (y is null ? 0 : -1) : 1;
        }

        return x switch
        {
            IComparable<T> typed => typed.CompareTo(y),
            IComparable untyped => untyped.CompareTo(y),
            _ => throw new InvalidOperationException("The type has no order."),
        };
    }
}

internal sealed class NullableComparer<T> : Comparer<T?>
    where T : struct
{
    public override int Compare(T? x, T? y) => Nullable.Compare(x, y);
}

internal sealed class EnumComparer<T> : Comparer<T>
    where T : struct, Enum
{
    public override int Compare(T x, T y) => ComparerHelpers.EnumOnlyCompare(x, y);
}

internal sealed class ComparisonComparer<T>(Comparison<T> comparison) : Comparer<T>
{
    public override int Compare(T? x, T? y) => comparison(x!, y!);
}

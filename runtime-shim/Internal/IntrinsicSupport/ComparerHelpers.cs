using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Internal.IntrinsicSupport;

/// <summary>Equality that only the compiler can express: it replaces the bodies for each enum and struct.</summary>
internal static class EqualityComparerHelpers
{
    [Intrinsic]
    internal static bool EnumOnlyEquals<T>(T x, T y)
        where T : struct => x.Equals(y);

    [Intrinsic]
    internal static EqualityComparer<T> GetComparerForReferenceTypesOnly<T>() => EqualityComparer<T>.Default;

    [Intrinsic]
    internal static bool StructOnlyEquals<T>(T left, T right) => EqualityComparer<T>.Default.Equals(left, right);

    private static bool StructOnlyEqualsIEquatable<T>(T x, T y)
        where T : IEquatable<T> => x.Equals(y);

    private static bool StructOnlyEqualsNullable<T>(T? x, T? y)
        where T : struct, IEquatable<T> =>
        x.HasValue ? y.HasValue && x.GetValueOrDefault().Equals(y.GetValueOrDefault()) : !y.HasValue;

    private static bool StructOnlyNormalEquals<T>(T left, T right) => left!.Equals(right);
}

/// <summary>Order that only the compiler can express.</summary>
internal static class ComparerHelpers
{
    [Intrinsic]
    internal static int EnumOnlyCompare<T>(T x, T y)
        where T : struct, Enum => ((Enum)x).CompareTo(y);
}

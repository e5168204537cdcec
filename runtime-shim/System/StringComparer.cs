using System.Collections.Generic;

namespace System;

/// <summary>Comparing strings: ordinal, with or without the case of ASCII letters.</summary>
public abstract class StringComparer : IComparer<string>, IEqualityComparer<string>
{
    public static StringComparer Ordinal { get; } = new OrdinalComparer();

    public static StringComparer OrdinalIgnoreCase { get; } = new IgnoreCaseComparer();

    public abstract int Compare(string? x, string? y);

    public abstract bool Equals(string? x, string? y);

    public abstract int GetHashCode(string obj);

    private sealed class OrdinalComparer : StringComparer
    {
        public override int Compare(string? x, string? y) => string.CompareOrdinal(x, y);

        public override bool Equals(string? x, string? y) => string.Equals(x, y);

        public override int GetHashCode(string obj) => obj.GetHashCode();
    }

    private sealed class IgnoreCaseComparer : StringComparer
    {
        public override int Compare(string? x, string? y) => string.CompareOrdinal(x?.ToUpperInvariant(), y?.ToUpperInvariant());

        public override bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.OrdinalIgnoreCase);

        public override int GetHashCode(string obj) => obj.ToUpperInvariant().GetHashCode();
    }
}

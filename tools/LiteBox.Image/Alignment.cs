namespace LiteBox.Image;

/// <summary>Rounding up to a boundary.</summary>
internal static class Alignment
{
    /// <summary>The least multiple of <paramref name="boundary"/> that is not below <paramref name="value"/>.</summary>
    public static long Up(long value, long boundary) => (value + boundary - 1) / boundary * boundary;
}

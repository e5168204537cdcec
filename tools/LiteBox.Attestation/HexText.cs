using System.Globalization;

namespace LiteBox.Attestation;

/// <summary>Hexadecimal as people write it.</summary>
public static class HexText
{
    /// <summary>Reads bytes from hexadecimal digits, with or without "0x" before them; null when there is anything else.</summary>
    public static byte[]? Parse(string text)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        return digits.Length % 2 == 0 && !digits.ContainsAnyExcept("0123456789abcdefABCDEF") ? Convert.FromHexString(digits) : null;
    }

    /// <summary>Reads a number in decimal, or in hexadecimal after "0x"; null when there is anything else.</summary>
    public static ulong? ParseNumber(string text)
    {
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(isHex ? text.AsSpan(2) : text, isHex ? NumberStyles.AllowHexSpecifier
            : NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }
}

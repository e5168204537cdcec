using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>Turns option values into what they mean; a wrong one ends the command and names the option.</summary>
internal static class Options
{
    internal static SnpProduct? Product(string? text, string option) =>
        text is null ? null : SnpProducts.Find(text) ?? throw CommandFailure.Usage(option,
            $"there is no product \"{text}\"; use Milan, Genoa (also for Bergamo and Siena) or Turin");

    /// <summary>Hexadecimal of an exact length.</summary>
    internal static byte[]? Bytes(string? text, string option, params ReadOnlySpan<int> lengths)
    {
        if (text is null)
        {
            return null;
        }

        var bytes = HexText.Parse(text) ?? throw CommandFailure.Usage(option,
            $"\"{text}\" is not hexadecimal; write two digits for each byte");
        return lengths.Contains(bytes.Length) ? bytes : throw CommandFailure.Usage(option,
            $"it has {bytes.Length} bytes, it needs {string.Join(" or ", lengths.ToArray())}");
    }

    /// <summary>A number in decimal or after 0x in hexadecimal.</summary>
    internal static ulong Number(string text, string option, ulong maximum)
    {
        var number = HexText.ParseNumber(text) ?? throw CommandFailure.Usage(option,
            $"\"{text}\" is not a number; write it in decimal or with 0x in hexadecimal");
        return number <= maximum ? number : throw CommandFailure.Usage(option, $"{text} is above {maximum}");
    }
}

using System.Globalization;

namespace LiteBox.Attestation;

/// <summary>Version of the SNP firmware: major, minor, build.</summary>
public readonly record struct FirmwareVersion(byte Major, byte Minor, byte Build) : IComparable<FirmwareVersion>
{
    /// <inheritdoc/>
    public int CompareTo(FirmwareVersion other) => Number.CompareTo(other.Number);

    /// <summary>Reads "major.minor.build"; null when the text is anything else.</summary>
    public static FirmwareVersion? Parse(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 3 && Part(parts[0]) is { } major && Part(parts[1]) is { } minor && Part(parts[2]) is { } build
            ? new FirmwareVersion(major, minor, build)
            : null;
    }

    /// <summary>"major.minor.build".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Build}");

    private int Number => (Major << 16) | (Minor << 8) | Build;

    private static byte? Part(string text) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}

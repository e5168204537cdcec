using System.Globalization;

namespace LiteBox.Attestation;

/// <summary>Why some bytes or some text are not what they should be.</summary>
/// <param name="Subject">What was read, for example "attestation report".</param>
/// <param name="Offset">Where in it the fault is, in bytes from its start; null when the fault has no place.</param>
/// <param name="Message">What is wrong, with the value that was found.</param>
/// <param name="Fix">What the caller can do about it; null when nothing better can be said than the message.</param>
public sealed record FormatError(string Subject, long? Offset, string Message, string? Fix = null)
{
    /// <summary>The error on one line: subject, place, fault and remedy.</summary>
    public override string ToString()
    {
        var place = Offset is { } offset ? string.Create(CultureInfo.InvariantCulture, $", offset 0x{offset:x}") : "";
        var remedy = Fix is null ? "" : $" ({Fix})";
        return $"{Subject}{place}: {Message}{remedy}";
    }
}

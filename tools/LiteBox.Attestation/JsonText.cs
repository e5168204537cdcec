using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>Reading of JSON from outside: no comments, no member twice, errors with their place.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Reads a document whose every name and text is valid Unicode. The caller disposes it.</summary>
    internal static Parsed<JsonDocument> Parse(ReadOnlySpan<byte> utf8, string subject)
    {
        try
        {
            var document = JsonDocument.Parse(utf8.ToArray(), Strict);
            if (IsUnicode(document.RootElement))
            {
                return document;
            }

            document.Dispose();
            return new FormatError(subject, null, "not JSON: a text in it is not valid Unicode");
        }
        catch (JsonException error)
        {
            // The exception's own text quotes the document, which may be long and may hold anything.
            return new FormatError(subject, Offset(utf8, error), error.LineNumber is { } line ? $"not JSON, line {line + 1}" : "not JSON, or a member stands there twice", "write it as JSON without comments, and no member twice");
        }
    }

    /// <summary>Where the reading stopped, from the start of the document; null when the exception has no place.</summary>
    private static long? Offset(ReadOnlySpan<byte> utf8, JsonException error)
    {
        var start = 0;
        for (var line = 0L; line < error.LineNumber; line++)
        {
            start += utf8[start..].IndexOf((byte)'\n') + 1;
        }

        return error.BytePositionInLine is { } position ? Math.Min(start + position, utf8.Length) : null;
    }

    /// <summary>A member that is text; null when it is absent or anything else.</summary>
    internal static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString() : null;

    /// <summary>Reads every name and text once: bytes or escapes that are no Unicode show only then.</summary>
    private static bool IsUnicode(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsUnicode(member.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(IsUnicode),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

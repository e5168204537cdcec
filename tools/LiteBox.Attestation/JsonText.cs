using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>Reading of JSON from outside: no comments, no member twice, errors with their place.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Reads a document. The caller disposes it.</summary>
    internal static Parsed<JsonDocument> Parse(ReadOnlySpan<byte> utf8, string subject)
    {
        try
        {
            return JsonDocument.Parse(utf8.ToArray(), Strict);
        }
        catch (JsonException error)
        {
            return new FormatError(subject, null, $"not JSON: {error.Message}");
        }
    }

    /// <summary>A member that is text; null when it is absent or anything else.</summary>
    internal static string? Text(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return member.GetString();
        }
        catch (InvalidOperationException)
        {
            // Escapes can spell half a surrogate pair, which no .NET string from JSON may hold.
            return null;
        }
    }
}

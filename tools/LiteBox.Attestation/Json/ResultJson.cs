using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>Writes the outcome of a verification as members of a JSON object.</summary>
public static class ResultJson
{
    /// <summary>Writes "accepted" and "checks" into the object that is open.</summary>
    public static void Write(Utf8JsonWriter writer, bool accepted, IEnumerable<CheckResult> checks)
    {
        writer.WriteBoolean("accepted", accepted);
        writer.WriteStartArray("checks");
        foreach (var check in checks)
        {
            writer.WriteStartObject();
            writer.WriteString("id", check.Id);
            writer.WriteString("kind", check.Kind.ToString().ToLowerInvariant());
            writer.WriteString("outcome", check.Outcome.ToString().ToLowerInvariant());
            writer.WriteString("reason", check.Reason);
            if (check.Expected is { } expected)
            {
                writer.WriteString("expected", expected);
            }

            if (check.Actual is { } actual)
            {
                writer.WriteString("actual", actual);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

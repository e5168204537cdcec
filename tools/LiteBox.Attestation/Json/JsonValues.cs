using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>How values look in all JSON that is written here: bytes as hexadecimal text, masks as "0x..." text.</summary>
public static class JsonValues
{
    /// <summary>Indented, and with the characters of messages left readable.</summary>
    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes bytes as lower-case hexadecimal.</summary>
    public static void WriteBytes(this Utf8JsonWriter writer, string name, ReadOnlySpan<byte> value) =>
        writer.WriteString(name, Convert.ToHexStringLower(value));

    /// <summary>Writes a mask as "0x" and hexadecimal digits.</summary>
    public static void WriteHex(this Utf8JsonWriter writer, string name, ulong value) =>
        writer.WriteString(name, string.Create(CultureInfo.InvariantCulture, $"0x{value:x}"));

    /// <summary>Writes a list of texts.</summary>
    public static void WriteStrings(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the components of a TCB under their short names.</summary>
    public static void WriteTcb(this Utf8JsonWriter writer, string name, TcbComponents tcb)
    {
        writer.WriteStartObject(name);
        if (tcb.Fmc is { } fmc)
        {
            writer.WriteNumber("fmc", fmc);
        }

        writer.WriteNumber("bl", tcb.BootLoader);
        writer.WriteNumber("tee", tcb.Tee);
        writer.WriteNumber("snp", tcb.Snp);
        writer.WriteNumber("uc", tcb.Microcode);
        writer.WriteEndObject();
    }

    /// <summary>Writes a time in UTC to the second.</summary>
    public static void WriteTime(this Utf8JsonWriter writer, string name, DateTimeOffset value) =>
        writer.WriteString(name, ChainChecks.Text(value));
}

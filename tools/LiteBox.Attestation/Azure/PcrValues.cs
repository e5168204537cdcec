using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>Values of PCRs of the SHA-256 bank, as read beside a quote. They count only when the quote's digest is over them.</summary>
public sealed class PcrValues
{
    private const string Subject = "PCR values";
    private const int MostPcrs = 24;
    private readonly Dictionary<int, byte[]> values = [];

    private PcrValues()
    {
    }

    /// <summary>Reads a JSON list of hexadecimal values from PCR 0 on, or an object from numbers to values.</summary>
    public static Parsed<PcrValues> Parse(ReadOnlySpan<byte> json)
    {
        if (!JsonText.Parse(json, Subject).Succeeded(out var document, out var error))
        {
            return error;
        }

        using (document)
        {
            var root = document.RootElement;
            var pcrs = new PcrValues();
            var entries = root.ValueKind switch
            {
                JsonValueKind.Array => root.EnumerateArray().Select((value, index) =>
                    (Name: index.ToString(CultureInfo.InvariantCulture), Value: value)),
                JsonValueKind.Object => root.EnumerateObject().Select(member => (member.Name, member.Value)),
                _ => null,
            };
            if (entries is null)
            {
                return new FormatError(Subject, 0, "neither a list nor an object");
            }

            foreach (var (name, value) in entries)
            {
                if (!pcrs.TryAdd(name, value))
                {
                    return new FormatError(Subject, null, $"\"{name}\" is no PCR from 0 to {MostPcrs - 1} with 64 hexadecimal digits",
                        "write [\"...\"] from PCR 0 on, or {\"4\": \"...\"}");
                }
            }

            return pcrs;
        }
    }

    /// <summary>The numbers there are values of.</summary>
    public IEnumerable<int> Numbers => values.Keys.Order();

    /// <summary>The value of a PCR; null when there is none.</summary>
    public byte[]? this[int number] => values.GetValueOrDefault(number);

    /// <summary>SHA-256 over the values of the given PCRs in ascending order; null when a value is missing.</summary>
    public byte[]? Digest(IEnumerable<int> numbers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var number in numbers.Order())
        {
            if (this[number] is not { } value)
            {
                return null;
            }

            hash.AppendData(value);
        }

        return hash.GetHashAndReset();
    }

    private bool TryAdd(string name, JsonElement value) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < MostPcrs
        && value.ValueKind == JsonValueKind.String && HexText.Parse(value.GetString()!) is { Length: SHA256.HashSizeInBytes } digest
        && values.TryAdd(number, digest);
}

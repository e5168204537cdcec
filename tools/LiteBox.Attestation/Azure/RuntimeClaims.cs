using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>The runtime claims of an HCL report: the vTPM's keys, how the machine is configured, and data that the guest wrote.</summary>
public sealed class RuntimeClaims
{
    private const string Subject = "runtime claims";
    private const string AttestationKeyName = "HCLAkPub";

    private RuntimeClaims()
    {
    }

    /// <summary>Reads the claims. Unknown members are ignored; the keys are not.</summary>
    public static Parsed<RuntimeClaims> Parse(ReadOnlySpan<byte> json)
    {
        if (!JsonText.Parse(json, Subject).Succeeded(out var document, out var error))
        {
            return error;
        }

        using (document)
        {
            var claims = new RuntimeClaims();
            return claims.Read(document.RootElement) is { } fault ? new FormatError(Subject, null, fault) : claims;
        }
    }

    /// <summary>Names (kid) of the keys, in their order.</summary>
    public IReadOnlyList<string> KeyNames { get; private set; } = [];

    /// <summary>The attestation key's public half, HCLAkPub. The report vouches for it, so it can judge quotes.</summary>
    public RSAParameters AttestationKey { get; private set; }

    /// <summary>"user-data": 64 bytes that the guest wrote; null when it is absent or empty.</summary>
    public byte[]? UserData { get; private set; }

    /// <summary>"vm-configuration": each member as it is written, text without its quotation marks.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; private set; } = new Dictionary<string, string>();

    /// <summary>A yes-or-no member of the configuration; null when it is absent or anything else.</summary>
    public bool? Setting(string name) => Configuration.TryGetValue(name, out var text) && bool.TryParse(text, out var value) ? value : null;

    private string? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return "they are not a JSON object";
        }

        if (!root.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return "the member keys is missing or no list";
        }

        return ReadKeys(list) ?? ReadConfiguration(root) ?? ReadUserData(root);
    }

    private string? ReadKeys(JsonElement list)
    {
        var names = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            if (JsonText.Text(item, "kid") is not { } name)
            {
                return "a key has no kid";
            }

            if (names.Contains(name))
            {
                return $"the key {name} stands there twice";
            }

            names.Add(name);
            if (name == AttestationKeyName && !TryReadAttestationKey(item))
            {
                return $"the key {name} is no RSA key of at least 2048 bits (kty, n, e)";
            }
        }

        KeyNames = names;
        return names.Contains(AttestationKeyName) ? null : $"there is no key {AttestationKeyName}";
    }

    private bool TryReadAttestationKey(JsonElement item)
    {
        if (JsonText.Text(item, "kty") != "RSA" || Number(item, "n") is not { Length: >= 256 and <= 1024 } modulus
            || Number(item, "e") is not { Length: > 0 and <= 8 } exponent || !CanBeRsa(modulus, exponent))
        {
            return false;
        }

        AttestationKey = new RSAParameters { Modulus = modulus, Exponent = exponent };
        return true;
    }

    private string? ReadConfiguration(JsonElement root)
    {
        if (!root.TryGetProperty("vm-configuration", out var configuration))
        {
            return null;
        }

        if (configuration.ValueKind != JsonValueKind.Object)
        {
            return "vm-configuration is not an object";
        }

        var settings = new Dictionary<string, string>();
        foreach (var member in configuration.EnumerateObject())
        {
            settings[member.Name] = member.Value.ValueKind == JsonValueKind.String ? JsonText.Text(configuration, member.Name) ?? ""
                : member.Value.GetRawText();
        }

        Configuration = settings;
        return null;
    }

    private string? ReadUserData(JsonElement root)
    {
        if (!root.TryGetProperty("user-data", out _))
        {
            return null;
        }

        if (JsonText.Text(root, "user-data") is "")
        {
            return null;
        }

        UserData = JsonText.Text(root, "user-data") is { } text && HexText.Parse(text) is { Length: 64 } data ? data : null;
        return UserData is null ? "user-data has not the 128 hexadecimal digits of 64 bytes" : null;
    }

    /// <summary>A modulus of full length; both odd; with an exponent of one everybody could sign (RFC 8017, 3.1).</summary>
    private static bool CanBeRsa(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent)
    {
        var isOne = exponent[^1] == 1 && !exponent[..^1].ContainsAnyExcept((byte)0);
        return modulus[0] >= 0x80 && (modulus[^1] & exponent[^1] & 1) == 1 && !isOne;
    }

    private static byte[]? Number(JsonElement key, string name) =>
        JsonText.Text(key, name) is { } text && Base64Url.IsValid(text) && !text.AsSpan().ContainsAny(" \t\r\n=")
            ? Base64Url.DecodeFromChars(text) : null;
}

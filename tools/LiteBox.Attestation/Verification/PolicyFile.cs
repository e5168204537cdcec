using System.Globalization;
using System.Text.Json;

namespace LiteBox.Attestation;

/// <summary>
/// Reads a verification policy from JSON. Nothing in it is optional to understand: a member that is not known, of another type or
/// of another length is an error with its name, so that a policy never says less than its author meant.
/// </summary>
public static class PolicyFile
{
    private const string Subject = "policy";

    /// <summary>Reads a policy.</summary>
    /// <param name="json">The file in UTF-8.</param>
    public static Parsed<VerificationPolicy> Parse(ReadOnlySpan<byte> json)
    {
        if (!JsonText.Parse(json, Subject).Succeeded(out var document, out var error))
        {
            return error;
        }

        using (document)
        {
            try
            {
                return Read(document.RootElement);
            }
            catch (PolicyException fault)
            {
                return new FormatError(Subject, null, fault.Message, fault.Fix);
            }
        }
    }

    private static VerificationPolicy Read(JsonElement root)
    {
        var policy = new VerificationPolicy();
        foreach (var member in Members(root, "the document"))
        {
            var name = member.Name;
            var value = member.Value;
            policy = name switch
            {
                "minimum_version" => policy with { MinimumVersion = Number(value, name) },
                "vmpl" => policy with { Vmpls = Vmpls(value) },
                "allow_debug" => policy with { AllowDebug = Boolean(value, name) },
                "allow_migration" => policy with { AllowMigration = Boolean(value, name) },
                "allow_masked_chip_id" => policy with { AllowMaskedChipId = Boolean(value, name) },
                "allow_provisional_firmware" => policy with { AllowProvisionalFirmware = Boolean(value, name) },
                "require_crl" => policy with { RequireRevocationList = Boolean(value, name) },
                "products" => policy with { Products = [.. Items(value, name).Select(item => Product(Text(item, name)))] },
                "denied_products" => policy with { DeniedProducts = [.. Items(value, name).Select(item => Product(Text(item, name)))] },
                "signing_keys" => policy with { SigningKeys = [.. Items(value, name).Select(item => Key(Text(item, name)))] },
                "csp_ids" => policy with { Providers = [.. Items(value, name).Select(item => Text(item, name))] },
                "measurements" => policy with { Measurements = Digests(value, name) },
                "id_key_digests" => policy with { IdKeyDigests = Digests(value, name) },
                "author_key_digests" => policy with { AuthorKeyDigests = Digests(value, name) },
                "report_data" => policy with { ReportData = Bytes(Text(value, name), name, 64) },
                "host_data" => policy with { HostData = Bytes(Text(value, name), name, 32) },
                "family_id" => policy with { FamilyId = Bytes(Text(value, name), name, 16) },
                "image_id" => policy with { ImageId = Bytes(Text(value, name), name, 16) },
                "report_id" => policy with { ReportId = Bytes(Text(value, name), name, 32) },
                "report_id_ma" => policy with { ReportIdMigrationAgent = Bytes(Text(value, name), name, 32) },
                "allowed_chips" => policy with { Chips = [.. Items(value, name).Select(item => Bytes(Text(item, name), name, 64, 8))] },
                "denied_chips" => policy with { DeniedChips = [.. Items(value, name).Select(item =>
                    Bytes(Text(item, name), name, 64, 8))] },
                "minimum_guest_svn" => policy with { MinimumGuestSvn = Number(value, name) },
                "minimum_tcb" => policy with { MinimumTcbs = Tcbs(value, name) },
                "minimum_firmware" => policy with { MinimumFirmware = FirmwareVersion.Parse(Text(value, name)) ?? throw Fault(name,
                    "is no version", "write major.minor.build, for example 1.55.29") },
                "minimum_abi" => policy with { MinimumAbi = Abi(Text(value, name)) },
                "require_policy_bits" => policy with { RequiredPolicyBits = Bits(value, name, GuestPolicy.Bits) },
                "forbid_policy_bits" => policy with { ForbiddenPolicyBits = Bits(value, name, GuestPolicy.Bits) },
                "require_platform_bits" => policy with { RequiredPlatformBits = Bits(value, name, PlatformInfo.Bits) },
                "forbid_platform_bits" => policy with { ForbiddenPlatformBits = Bits(value, name, PlatformInfo.Bits) },
                "require_launch_mitigations" => policy with { RequiredLaunchMitigations = Mask(value, name) },
                "require_current_mitigations" => policy with { RequiredCurrentMitigations = Mask(value, name) },
                "comment" => policy,
                _ => throw new PolicyException($"\"{name}\" is not known",
                    "docs/attestation.md lists the members; use \"comment\" for remarks"),
            };
        }

        return policy;
    }

    /// <summary>Finds a product by name.</summary>
    /// <exception cref="PolicyException">There is none.</exception>
    internal static SnpProduct Product(string name) =>
        SnpProducts.Find(name) ?? throw new PolicyException($"there is no product \"{name}\"",
            "use Milan, Genoa (also for Bergamo and Siena) or Turin");

    private static IEnumerable<JsonProperty> Members(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw Fault(name, "is not an object");

    private static IEnumerable<JsonElement> Items(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Fault(name, "is not a list", "write [ ... ]");

    private static bool Boolean(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault(name, "is neither true nor false"),
    };

    private static uint Number(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetUInt32(out var number) ? number : throw Fault(name, "is not a whole number");

    private static string Text(JsonElement value, string name) => value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Fault(name, "is not a text");

    private static byte[] Bytes(string text, string name, params ReadOnlySpan<int> lengths)
    {
        var bytes = HexText.Parse(text) ?? throw Fault(name, "is not hexadecimal");
        return lengths.Contains(bytes.Length) ? bytes : throw Fault(name,
            $"has {bytes.Length} bytes, it needs {string.Join(" or ", lengths.ToArray())}");
    }

    private static IReadOnlyList<uint>? Vmpls(JsonElement value)
    {
        const string Name = "vmpl";
        if (value.ValueKind == JsonValueKind.String)
        {
            return Text(value, Name) == "any" ? null : throw Fault(Name, "is neither a number nor \"any\"");
        }

        return value.ValueKind == JsonValueKind.Array ? [.. Items(value, Name).Select(Vmpl)] : [Vmpl(value)];
        static uint Vmpl(JsonElement item) => Number(item, Name) is <= 3 and var vmpl ? vmpl : throw Fault(Name, "is above 3");
    }

    private static SigningKey Key(string name) => name.ToUpperInvariant() switch
    {
        "VCEK" => SigningKey.Vcek,
        "VLEK" => SigningKey.Vlek,
        _ => throw new PolicyException($"\"signing_keys\" has \"{name}\"", "use VCEK or VLEK"),
    };

    /// <summary>A list of digests as text, or of objects that name them.</summary>
    private static IReadOnlyList<NamedDigest> Digests(JsonElement value, string name) =>
        [.. Items(value, name).Select(item => Digest(item, name))];

    private static NamedDigest Digest(JsonElement item, string name)
    {
        if (item.ValueKind == JsonValueKind.String)
        {
            return new NamedDigest(null, Bytes(Text(item, name), name, 48));
        }

        string? title = null;
        byte[]? digest = null;
        foreach (var member in Members(item, name))
        {
            switch (member.Name)
            {
                case "name":
                    title = Text(member.Value, name);
                    break;
                case "digest":
                    digest = Bytes(Text(member.Value, name), name, 48);
                    break;
                default:
                    throw Fault(name, $"has the member \"{member.Name}\"", "use name and digest");
            }
        }

        return new NamedDigest(title, digest ?? throw Fault(name, "has an entry without digest"));
    }

    /// <summary>{"reported": {"Milan": {"bl": 4, ...}}}, or products at once, which then means the reported TCB.</summary>
    private static Dictionary<TcbKind, IReadOnlyDictionary<SnpProduct, TcbComponents>> Tcbs(JsonElement value, string name)
    {
        var all = new Dictionary<TcbKind, IReadOnlyDictionary<SnpProduct, TcbComponents>>();
        if (Members(value, name).All(member => SnpProducts.Find(member.Name) is not null))
        {
            all[TcbKind.Reported] = TcbsByProduct(value, name);
            return all;
        }

        foreach (var member in Members(value, name))
        {
            var kind = member.Name switch
            {
                "reported" => TcbKind.Reported,
                "committed" => TcbKind.Committed,
                "current" => TcbKind.Current,
                "launch" => TcbKind.Launch,
                _ => throw Fault(name, $"has the member \"{member.Name}\"", "use reported, committed, current, launch, or product names"),
            };
            all[kind] = TcbsByProduct(member.Value, name);
        }

        return all;
    }

    private static Dictionary<SnpProduct, TcbComponents> TcbsByProduct(JsonElement value, string name)
    {
        var byProduct = new Dictionary<SnpProduct, TcbComponents>();
        foreach (var member in Members(value, name))
        {
            var product = Product(member.Name);
            if (!byProduct.TryAdd(product, Components(member.Value, product, name)))
            {
                throw Fault(name, $"names {product.Name()} twice");
            }
        }

        return byProduct;
    }

    private static TcbComponents Components(JsonElement value, SnpProduct product, string name)
    {
        var tcb = new TcbComponents(product == SnpProduct.Turin ? 0 : null, 0, 0, 0, 0);
        foreach (var member in Members(value, name))
        {
            var level = Number(member.Value, $"{name}.{member.Name}") is <= byte.MaxValue and var number ? (byte)number
                : throw Fault(name, $"{member.Name} is above 255");
            tcb = member.Name switch
            {
                "fmc" when product == SnpProduct.Turin => tcb with { Fmc = level },
                "fmc" => throw Fault(name, $"has fmc for {product.Name()}", "only Turin has it"),
                "bl" => tcb with { BootLoader = level },
                "tee" => tcb with { Tee = level },
                "snp" => tcb with { Snp = level },
                "uc" => tcb with { Microcode = level },
                _ => throw Fault(name, $"has the member \"{member.Name}\"", "use fmc (Turin), bl, tee, snp, uc"),
            };
        }

        return tcb;
    }

    private static (byte Major, byte Minor) Abi(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 2
            && byte.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && byte.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? (major, minor)
            : throw Fault("minimum_abi", "is no version", "write major.minor, for example 0.31");
    }

    /// <summary>Names of bits, or one mask.</summary>
    private static ulong Bits(JsonElement value, string name, IReadOnlyList<NamedBit> table)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return Mask(value, name);
        }

        var mask = 0UL;
        foreach (var item in Items(value, name))
        {
            var bit = Text(item, name);
            mask |= NamedBit.Find(table, bit)?.Mask ?? throw Fault(name, $"has no bit \"{bit}\"",
                $"use {string.Join(", ", table.Select(known => known.Name))}, or a mask like \"0x20\"");
        }

        return mask;
    }

    private static ulong Mask(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) ? number
        : value.ValueKind == JsonValueKind.String && HexText.ParseNumber(Text(value, name)) is { } mask ? mask
        : throw Fault(name, "is no mask", "write a number, or \"0x...\" as text");

    private static PolicyException Fault(string name, string message, string? fix = null) => new($"\"{name}\" {message}", fix);

    /// <summary>Carries a fault from deep in the document to the top of the reading, and no further.</summary>
    internal sealed class PolicyException(string message, string? fix) : Exception(message)
    {
        internal string? Fix { get; } = fix;
    }
}

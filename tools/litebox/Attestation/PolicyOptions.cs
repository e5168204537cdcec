using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>The options that say what a report must hold. They add to a policy file and win over it.</summary>
internal sealed class PolicyOptions
{
    private readonly Option<string?> policyFile = new("--policy",
        "-p") { Description = "Policy file in JSON; docs/attestation.md lists its members" };
    private readonly Option<string[]> measurement = new("--measurement",
        "-m") { Description = "Accepted MEASUREMENT, 96 hexadecimal digits. Repeatable" };
    private readonly Option<string?> reportData = new("--report-data") { Description = "REPORT_DATA, 128 hexadecimal digits; fewer are filled with zeros at the end" };
    private readonly Option<string?> reportDataFile = new("--report-data-file") { Description = "REPORT_DATA must be the SHA-512 of this file" };
    private readonly Option<string?> hostData = new("--host-data") { Description = "HOST_DATA, 64 hexadecimal digits" };
    private readonly Option<string?> hostDataFile = new("--host-data-file") { Description = "HOST_DATA must be the SHA-256 of this file" };
    private readonly Option<string[]> idKeyDigest = new("--id-key-digest") { Description = "Accepted ID_KEY_DIGEST, 96 hexadecimal digits. Repeatable" };
    private readonly Option<string[]> authorKeyDigest = new("--author-key-digest") { Description = "Accepted AUTHOR_KEY_DIGEST, 96 hexadecimal digits. Repeatable" };
    private readonly Option<string?> familyId = new("--family-id") { Description = "FAMILY_ID, 32 hexadecimal digits" };
    private readonly Option<string?> imageId = new("--image-id") { Description = "IMAGE_ID, 32 hexadecimal digits" };
    private readonly Option<string?> vmpl = new("--vmpl") { Description = "Accepted VMPL: 0 to 3, or any; the default is 0" };
    private readonly Option<string?> minimumTcb = new("--min-tcb") { Description = "Least reported TCB, as PRODUCT:bl=4,tee=0,snp=24,uc=219 (Turin also fmc)" };
    private readonly Option<string?> minimumFirmware = new("--min-firmware") { Description = "Least firmware, major.minor.build" };
    private readonly Option<string[]> deniedChip = new("--deny-chip") { Description = "Refuse this CHIP_ID. Repeatable" };
    private readonly Option<string[]> deniedProduct = new("--deny-product") { Description = "Refuse this product. Repeatable" };
    private readonly Option<string[]> product = new("--product") { Description = "Accept this product only. Repeatable" };
    private readonly Option<string[]> requirePlatform = new("--require-platform") { Description = "Bit of PLATFORM_INFO that must be set, for example ALIAS_CHECK_COMPLETE. Repeatable" };
    private readonly Option<string[]> forbidPlatform = new("--forbid-platform") { Description = "Bit of PLATFORM_INFO that must not be set, for example SMT_EN. Repeatable" };
    private readonly Option<bool> allowDebug = new("--allow-debug") { Description = "Accept a guest that allows debugging" };
    private readonly Option<bool> allowMigration = new("--allow-migration") { Description = "Accept a guest that allows a migration agent" };
    private readonly Option<bool> allowMasked = new("--allow-masked-chip-id") { Description = "Accept a VCEK-signed report whose CHIP_ID is masked" };
    private readonly Option<bool> requireCommitted = new("--require-committed") { Description = "Refuse firmware that the host can still roll back" };
    private readonly Option<bool> requireRevocation = new("--require-crl") { Description = "Demand a revocation list in force" };

    /// <summary>Adds the options to a command.</summary>
    internal void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            policyFile, measurement, reportData, reportDataFile, hostData, hostDataFile, idKeyDigest, authorKeyDigest, familyId, imageId,
                vmpl, minimumTcb,
            minimumFirmware, product, deniedProduct, deniedChip, requirePlatform, forbidPlatform, allowDebug, allowMigration, allowMasked,
                requireCommitted, requireRevocation,
        })
        {
            command.Add(option);
        }
    }

    /// <summary>The policy that file and options say together.</summary>
    internal VerificationPolicy Read(ParseResult parsed)
    {
        var policy = parsed.GetValue(policyFile) is { } path ? PolicyFile.Parse(InputFile.Read(path)).OrFail(path)
            : new VerificationPolicy();
        return policy with
        {
            Measurements = Digests(parsed, measurement) ?? policy.Measurements,
            IdKeyDigests = Digests(parsed, idKeyDigest) ?? policy.IdKeyDigests,
            AuthorKeyDigests = Digests(parsed, authorKeyDigest) ?? policy.AuthorKeyDigests,
            ReportData = ReportData(parsed) ?? policy.ReportData,
            HostData = HostData(parsed) ?? policy.HostData,
            FamilyId = Options.Bytes(parsed.GetValue(familyId), "--family-id", 16) ?? policy.FamilyId,
            ImageId = Options.Bytes(parsed.GetValue(imageId), "--image-id", 16) ?? policy.ImageId,
            Vmpls = parsed.GetValue(vmpl) is { } level ? Vmpls(level) : policy.Vmpls,
            MinimumTcbs = MinimumTcbs(parsed) ?? policy.MinimumTcbs,
            MinimumFirmware = Firmware(parsed) ?? policy.MinimumFirmware,
            DeniedChips = [.. policy.DeniedChips, .. (parsed.GetValue(deniedChip) ?? []).Select(chip => Options.Bytes(chip, "--deny-chip",
                64, 8)!)],
            Products = Products(parsed, product) ?? policy.Products,
            DeniedProducts = [.. policy.DeniedProducts, .. Products(parsed, deniedProduct) ?? []],
            RequiredPlatformBits = policy.RequiredPlatformBits | Bits(parsed, requirePlatform),
            ForbiddenPlatformBits = policy.ForbiddenPlatformBits | Bits(parsed, forbidPlatform),
            AllowDebug = policy.AllowDebug || parsed.GetValue(allowDebug),
            AllowMigration = policy.AllowMigration || parsed.GetValue(allowMigration),
            AllowMaskedChipId = policy.AllowMaskedChipId || parsed.GetValue(allowMasked),
            AllowProvisionalFirmware = policy.AllowProvisionalFirmware && !parsed.GetValue(requireCommitted),
            RequireRevocationList = policy.RequireRevocationList || parsed.GetValue(requireRevocation),
        };
    }

    private static IReadOnlyList<NamedDigest>? Digests(ParseResult parsed, Option<string[]> option) =>
        parsed.GetValue(option) is { Length: > 0 } values ? [.. values.Select(value => new NamedDigest(null, Options.Bytes(value,
            option.Name, 48)!))] : null;

    private static IReadOnlyList<SnpProduct>? Products(ParseResult parsed, Option<string[]> option) =>
        parsed.GetValue(option) is { Length: > 0 } values ? [.. values.Select(value => Options.Product(value, option.Name)!.Value)] : null;

    private static ulong Bits(ParseResult parsed, Option<string[]> option) =>
        (parsed.GetValue(option) ?? []).Aggregate(0UL, (mask, name) => mask | (NamedBit.Find(PlatformInfo.Bits, name)?.Mask
            ?? throw CommandFailure.Usage(option.Name,
                $"there is no bit \"{name}\"; use {string.Join(", ", PlatformInfo.Bits.Select(bit => bit.Name))}")));

    private static IReadOnlyList<uint>? Vmpls(string text) => text == "any" ? null : [(uint)Options.Number(text, "--vmpl", 3)];

    private byte[]? ReportData(ParseResult parsed)
    {
        if (parsed.GetValue(reportDataFile) is { } file)
        {
            return parsed.GetValue(reportData) is null ? SHA512.HashData(InputFile.Read(file))
                : throw CommandFailure.Usage("--report-data", "give it or --report-data-file, not both");
        }

        if (parsed.GetValue(reportData) is not { } text)
        {
            return null;
        }

        var bytes = HexText.Parse(text) ?? throw CommandFailure.Usage("--report-data",
            $"\"{text}\" is not hexadecimal; write two digits for each byte");
        if (bytes.Length is 0 or > 64)
        {
            throw CommandFailure.Usage("--report-data", $"it has {bytes.Length} bytes, it needs 1 to 64");
        }

        Array.Resize(ref bytes, 64);
        return bytes;
    }

    private byte[]? HostData(ParseResult parsed) => parsed.GetValue(hostDataFile) is { } file
        ? parsed.GetValue(hostData) is null ? SHA256.HashData(InputFile.Read(file))
            : throw CommandFailure.Usage("--host-data", "give it or --host-data-file, not both")
        : Options.Bytes(parsed.GetValue(hostData), "--host-data", 32);

    private FirmwareVersion? Firmware(ParseResult parsed) => parsed.GetValue(minimumFirmware) is not { } text ? null
        : FirmwareVersion.Parse(text) ?? throw CommandFailure.Usage("--min-firmware", $"\"{text}\" is no version; write major.minor.build");

    /// <summary>Rewrites PRODUCT:bl=4,... as the policy file's member, so that both are understood by the same reader.</summary>
    private IReadOnlyDictionary<TcbKind, IReadOnlyDictionary<SnpProduct, TcbComponents>>? MinimumTcbs(ParseResult parsed)
    {
        if (parsed.GetValue(minimumTcb) is not { } text)
        {
            return null;
        }

        if (text.Split(':') is not [var name, var levels])
        {
            throw CommandFailure.Usage("--min-tcb", $"\"{text}\" is not of the form Milan:bl=4,tee=0,snp=24,uc=219");
        }

        var members = levels.Split(',').Select(level => level.Split('=') is [var key, var value] && key.All(char.IsAsciiLetter)
            && value.Length > 0 && value.All(char.IsAsciiDigit)
            ? $"\"{key}\":{value.TrimStart('0').PadLeft(1, '0')}"
                : throw CommandFailure.Usage("--min-tcb", $"\"{level}\" is not of the form uc=219"));
        var json = $"{{\"minimum_tcb\":{{\"{Options.Product(name, "--min-tcb")!.Value.Name()}\":{{{string.Join(',', members)}}}}}}}";
        return PolicyFile.Parse(Encoding.UTF8.GetBytes(json)).Succeeded(out var policy, out var error) ? policy.MinimumTcbs
            : throw CommandFailure.Usage("--min-tcb", error.ToString());
    }
}

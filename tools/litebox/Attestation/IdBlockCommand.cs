using System.CommandLine;
using System.Text;
using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>
/// `litebox id-block`: makes and checks the ID block by which the firmware guards a launch. Options as snp-create-id-block and snpguest
/// have them.
/// </summary>
internal static class IdBlockCommand
{
    private static readonly Option<string> Measurement = new("--measurement") { Description = "Launch digest, in hexadecimal or base64",
        Required = true };
    private static readonly Option<string> IdKey = new("--idkey") { Description = "ID key: P-384 private key in PEM", Required = true };
    private static readonly Option<string?> AuthorKey = new("--authorkey") { Description = "Author key that vouches for the ID key: P-384 private key in PEM" };
    private static readonly Option<string?> FamilyId = new("--family-id") { Description = "FAMILY_ID, 32 hexadecimal digits" };
    private static readonly Option<string?> ImageId = new("--image-id") { Description = "IMAGE_ID, 32 hexadecimal digits" };
    private static readonly Option<string> GuestSvn = new("--svn", "--guest-svn") { Description = "GUEST_SVN", DefaultValueFactory = _ =>
        "0" };
    private static readonly Option<string> GuestPolicyText = new("--policy") { Description = "Guest policy", DefaultValueFactory = _ =>
        "0x30000" };
    private static readonly Option<string?> IdFile = new("--id-file") { Description = "Write the ID block, 96 bytes, to this file" };
    private static readonly Option<string?> AuthFile = new("--auth-file") { Description = "Write the ID authentication, 4096 bytes, to this file" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON" };

    internal static Command Create()
    {
        var command = new ToolCommand("id-block",
            "Make an ID block and its authentication: the firmware then launches this measurement with this policy only.",
            """
            openssl ecparam -name secp384r1 -genkey -noout -out out/id-key.pem
            litebox id-block --measurement "$(litebox measure --mode snp --vcpus 1 --vcpu-type EPYC-v4 --ovmf out/firmware/ovmf/OVMF.fd)" --idkey out/id-key.pem --id-file out/id-block.bin --auth-file out/id-auth.bin
            litebox id-block key-digest out/id-key.pem
            litebox id-block verify out/id-block.bin out/id-auth.bin
            """)
        {
            Measurement, IdKey, AuthorKey, FamilyId, ImageId, GuestSvn, GuestPolicyText, IdFile, AuthFile, Json, CreateVerify(),
                CreateKeyDigest(),
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var policy = new GuestPolicy(Options.Number(parsed.GetRequiredValue(GuestPolicyText), "--policy", ulong.MaxValue));
        if (!policy.IsWellFormed)
        {
            throw CommandFailure.Usage("--policy", $"0x{policy.Raw:x} lacks bit 17, which must be one; add 0x20000");
        }

        var block = new IdBlock
        {
            LaunchDigest = ReadDigest(parsed.GetRequiredValue(Measurement)),
            FamilyId = Options.Bytes(parsed.GetValue(FamilyId), "--family-id", 16) ?? new byte[16],
            ImageId = Options.Bytes(parsed.GetValue(ImageId), "--image-id", 16) ?? new byte[16],
            GuestSvn = (uint)Options.Number(parsed.GetRequiredValue(GuestSvn), "--svn", uint.MaxValue),
            Policy = policy,
        };
        using var idKey = ReadPrivateKey(parsed.GetRequiredValue(IdKey));
        using var authorKey = parsed.GetValue(AuthorKey) is { } path ? ReadPrivateKey(path) : null;
        var authentication = IdAuthentication.Create(block, idKey, authorKey);
        Save(parsed.GetValue(IdFile), block.ToBytes());
        Save(parsed.GetValue(AuthFile), authentication.Bytes);
        Write(parsed.GetValue(Json), ("id_block", Convert.ToBase64String(block.ToBytes())),
            ("id_auth", Convert.ToBase64String(authentication.Bytes)),
            ("id_key_digest", Convert.ToHexStringLower(idKey.Digest)),
                ("author_key_digest", authorKey is null ? "" : Convert.ToHexStringLower(authorKey.Digest)));
        return ExitCode.Success;
    }

    private static Command CreateVerify()
    {
        var blockFile = new Argument<string>("id-block") { Description = "ID block: 96 bytes, or base64 of them" };
        var authFile = new Argument<string>("id-auth") { Description = "ID authentication: 4096 bytes, or base64 of them" };
        var measurement = new Option<string?>("--measurement") { Description = "Launch digest that the block must require" };
        var json = new Option<bool>("--json") { Description = "Write JSON" };
        var command = new ToolCommand("verify", "Check the signatures of an ID block and show the digests that a report will hold.",
            "litebox id-block verify id-block.bin id-auth.bin")
        {
            blockFile, authFile, measurement, json,
        };
        command.SetAction(parsed => Verify(parsed.GetRequiredValue(blockFile), parsed.GetRequiredValue(authFile),
            parsed.GetValue(measurement), parsed.GetValue(json)));
        return command;
    }

    private static int Verify(string blockFile, string authFile, string? measurement, bool json)
    {
        var block = IdBlock.Parse(ReadBinary(blockFile, IdBlock.Size)).OrFail(blockFile);
        var authentication = IdAuthentication.Parse(ReadBinary(authFile, IdAuthentication.Size)).OrFail(authFile);
        if (authentication.FindFault(block) is { } fault)
        {
            throw new CommandFailure(ExitCode.NotAuthentic, $"{authFile}: {fault}");
        }

        if (measurement is not null && !ReadDigest(measurement).AsSpan().SequenceEqual(block.LaunchDigest))
        {
            throw new CommandFailure(ExitCode.PolicyFailed,
                $"{blockFile}: it requires the launch digest {Convert.ToHexStringLower(block.LaunchDigest)}");
        }

        Write(json, ("launch_digest", Convert.ToHexStringLower(block.LaunchDigest)),
            ("family_id", Convert.ToHexStringLower(block.FamilyId)),
            ("image_id", Convert.ToHexStringLower(block.ImageId)), ("guest_svn", $"{block.GuestSvn}"),
                ("policy", $"0x{block.Policy.Raw:x}"),
            ("id_key_digest", Convert.ToHexStringLower(System.Security.Cryptography.SHA384.HashData(authentication.IdKey))),
            ("author_key_digest", authentication.HasAuthor
                ? Convert.ToHexStringLower(System.Security.Cryptography.SHA384.HashData(authentication.AuthorKey)) : ""));
        return ExitCode.Success;
    }

    private static Command CreateKeyDigest()
    {
        var file = new Argument<string>("key") { Description = "P-384 key in PEM, private or public" };
        var command = new ToolCommand("key-digest", "Show the digest of a key as ID_KEY_DIGEST and AUTHOR_KEY_DIGEST hold it.",
            "litebox id-block key-digest id-key.pem") { file };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            using var key = ReadKey(path);
            Console.Out.WriteLine(Convert.ToHexStringLower(key.Digest));
            return ExitCode.Success;
        });
        return command;
    }

    private static PlatformKey ReadKey(string path) => PlatformKey.ParsePem(Encoding.Latin1.GetString(InputFile.Read(path))).OrFail(path);

    private static PlatformKey ReadPrivateKey(string path)
    {
        var key = ReadKey(path);
        return key.HasPrivateHalf ? key : throw new CommandFailure(ExitCode.Malformed,
            $"{path}: it has the public half only, signing needs the private one");
    }

    private static byte[] ReadDigest(string text)
    {
        if (HexText.Parse(text) is { Length: LaunchDigest.Size } digest)
        {
            return digest;
        }

        var decoded = new byte[LaunchDigest.Size];
        return text.Length == 64 && Convert.TryFromBase64String(text, decoded, out var length) && length == LaunchDigest.Size
            ? decoded
            : throw CommandFailure.Usage("--measurement", "it is neither 96 hexadecimal digits nor 64 characters of base64");
    }

    /// <summary>Reads a file of an exact size, or base64 of such bytes.</summary>
    private static byte[] ReadBinary(string path, int size)
    {
        var data = InputFile.Read(path);
        var decoded = new byte[data.Length];
        return data.Length != size && Convert.TryFromBase64String(Encoding.Latin1.GetString(data).Trim(), decoded, out var length)
            ? decoded[..length] : data;
    }

    private static void Save(string? path, ReadOnlySpan<byte> data)
    {
        if (path is not null)
        {
            InputFile.Write(path, data);
        }
    }

    private static void Write(bool json, params (string Name, string Value)[] fields)
    {
        if (json)
        {
            Output.Json(writer =>
            {
                writer.WriteStartObject();
                foreach (var (name, value) in fields)
                {
                    writer.WriteString(name, value);
                }

                writer.WriteEndObject();
            });
            return;
        }

        foreach (var (name, value) in fields)
        {
            Console.Out.WriteLine($"{name}: {value}");
        }
    }
}

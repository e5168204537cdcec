using System.Text;
using System.Text.Json;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Judges entries about ID blocks and their keys.</summary>
internal static class IdBlockVectors
{
    internal static int JudgeKey(string path, JsonElement expect)
    {
        using var key = Key(path);
        Assert.True(key.HasPrivateHalf);
        var expected = Vectors.Json($"{Path.GetDirectoryName(path)}/expected.json");
        var member = path.Contains("author", StringComparison.Ordinal) ? "author_key_digest_hex" : "id_key_digest_hex";
        Assert.Equal(expected.Text(member), Convert.ToHexStringLower(key.Digest));
        return 1;
    }

    internal static int JudgeBlock(string path, JsonElement expect)
    {
        var folder = Path.GetDirectoryName(path);
        var expected = Vectors.Json(path);
        var block = new IdBlock
        {
            LaunchDigest = HexText.Parse(expected.Text("launch_digest_hex")!)!,
            FamilyId = HexText.Parse(expected.Text("family_id")!)!,
            ImageId = HexText.Parse(expected.Text("image_id")!)!,
            GuestSvn = expected.GetProperty("guest_svn").GetUInt32(),
            Policy = new(HexText.ParseNumber(expected.Text("policy")!)!.Value),
        };
        Assert.Equal(expected.Text("id_block_hex"), Convert.ToHexStringLower(block.ToBytes()));
        using var idKey = Key($"{folder}/id_key_test.pem");
        using var authorKey = Key($"{folder}/author_key_test.pem");
        var authentication = IdAuthentication.Create(block, idKey, authorKey);
        Assert.Null(IdAuthentication.Parse(authentication.Bytes).Value!.FindFault(block));
        return 2;
    }

    private static PlatformKey Key(string path) => PlatformKey.ParsePem(Encoding.ASCII.GetString(Vectors.Read(path))).Value!;
}

using System.Security.Cryptography;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>ID blocks, their authentication, and the keys.</summary>
public sealed class IdBlockTests
{
    [Fact]
    public void ABlockIsReadAsItWasWritten()
    {
        var block = Block();
        var read = IdBlock.Parse(block.ToBytes()).Value!;
        Assert.Equal(block.ToBytes(), read.ToBytes());
        Assert.Equal(7u, read.GuestSvn);
        Assert.Equal(0x3001FUL, read.Policy.Raw);
        Assert.NotNull(IdBlock.Parse(block.ToBytes().AsSpan(1)).Error);
        Assert.NotNull(IdBlock.Parse([.. block.ToBytes(), 0]).Error);
        var other = block.ToBytes();
        other[0x50] = 2;
        Assert.NotNull(IdBlock.Parse(other).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NoChangedByteAuthenticates(bool withAuthor)
    {
        using var idKey = PlatformKey.Generate();
        using var authorKey = withAuthor ? PlatformKey.Generate() : null;
        var block = Block();
        var good = IdAuthentication.Create(block, idKey, authorKey).Bytes.ToArray();
        Assert.Null(IdAuthentication.Parse(good).Value!.FindFault(block));
        var changedBlock = Block() with { GuestSvn = 8 };
        Assert.NotNull(IdAuthentication.Parse(good).Value!.FindFault(changedBlock));
        for (var index = 0; index < good.Length; index += index < 0xD00 ? 1 : 37)
        {
            if (!withAuthor && index == 4)
            {
                // AUTHOR_KEY_ALGO says nothing when there is no author.
                continue;
            }

            var changed = (byte[])good.Clone();
            changed[index] ^= 1;
            var parsed = IdAuthentication.Parse(changed);
            Assert.True(parsed.Error is not null || parsed.Value!.FindFault(block) is not null, $"byte 0x{index:x}");
        }
    }

    [Fact]
    public void TheAuthorSignsTheWholeStructureOfTheIdKey()
    {
        using var idKey = PlatformKey.Generate();
        using var authorKey = PlatformKey.Generate();
        var authentication = IdAuthentication.Create(Block(), idKey, authorKey);
        Assert.Equal(idKey.Structure, authentication.IdKey.ToArray());
        Assert.Equal(SHA384.HashData(authentication.AuthorKey), authorKey.Digest);
        Assert.True(authorKey.Verifies(idKey.Structure, new ReportSignature(authentication.Bytes.Slice(0x680, ReportSignature.Size))));
    }

    [Fact]
    public void KeysAreReadFromTheirForms()
    {
        using var key = PlatformKey.Generate();
        using var again = PlatformKey.ParsePem(key.ExportPem()).Value!;
        Assert.Equal(key.Digest, again.Digest);
        Assert.True(again.HasPrivateHalf);
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(key.ExportPem());
        using var publicHalf = PlatformKey.ParsePem(ecdsa.ExportSubjectPublicKeyInfoPem()).Value!;
        Assert.False(publicHalf.HasPrivateHalf);
        Assert.Equal(key.Digest, publicHalf.Digest);
        using var structure = PlatformKey.ParseStructure(key.Structure).Value!;
        Assert.Equal(key.Digest, structure.Digest);
        using var sec1 = PlatformKey.ParsePem(PemEncoding.WriteString("EC PRIVATE KEY", ecdsa.ExportECPrivateKey())).Value!;
        Assert.True(sec1.HasPrivateHalf);
    }

    [Fact]
    public void OtherKeysAreRefused()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP384r1);
        using var rsa = RSA.Create(2048);
        foreach (var pem in new[] { p256.ExportPkcs8PrivateKeyPem(), brainpool.ExportPkcs8PrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem(),
            "", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" })
        {
            Assert.NotNull(PlatformKey.ParsePem(pem).Error);
        }

        using var key = PlatformKey.Generate();
        foreach (var (index, value) in new[] { (0, 1), (4 + 48, 1), (4 + 72 + 48, 1), (1027, 1), (4, key.Structure[4] ^ 1) })
        {
            var changed = (byte[])key.Structure.Clone();
            changed[index] = (byte)value;
            Assert.NotNull(PlatformKey.ParseStructure(changed).Error);
        }
    }

    private static IdBlock Block() => new()
    {
        LaunchDigest = SHA384.HashData("launch"u8),
        FamilyId = [.. Enumerable.Repeat((byte)1, 16)],
        ImageId = [.. Enumerable.Repeat((byte)2, 16)],
        GuestSvn = 7,
        Policy = new(0x3001F),
    };
}

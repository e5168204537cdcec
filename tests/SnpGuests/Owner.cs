using System;
using LiteBox.Attestation;

namespace LiteBox.SnpGuests.Tests;

/// <summary>Who a guest belongs to: an ID key and an author key, and the ID block that they sign for one launch.</summary>
internal sealed class Owner : IDisposable
{
    public const uint GuestSvn = 5;

    private readonly PlatformKey _idKey = PlatformKey.Generate();
    private readonly PlatformKey _authorKey = PlatformKey.Generate();

    public Owner(byte[] digest, ulong policy)
    {
        IdBlock block = new() { LaunchDigest = digest, FamilyId = FamilyId, ImageId = ImageId, GuestSvn = GuestSvn, Policy = new(policy) };
        Block = block.ToBytes();
        Authentication = IdAuthentication.Create(block, _idKey, _authorKey).Bytes.ToArray();
    }

    public static byte[] FamilyId { get; } = [.. "a family of words"u8[..16]];

    public static byte[] ImageId { get; } = [.. "an image of words"u8[..16]];

    public byte[] Block { get; }

    public byte[] Authentication { get; }

    public byte[] IdKeyDigest => _idKey.Digest;

    public byte[] AuthorKeyDigest => _authorKey.Digest;

    /// <summary>As the machine's settings want it.</summary>
    public (byte[] Block, byte[] Authentication, bool HasAuthorKey) Given => (Block, Authentication, true);

    public void Dispose()
    {
        _idKey.Dispose();
        _authorKey.Dispose();
    }
}

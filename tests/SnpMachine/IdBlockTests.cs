using System;
using System.Security.Cryptography;
using LiteBox.Attestation;
using LiteBox.SnpMachine.Cryptography;
using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.SecurityProcessor;
using Xunit;
using MachineIdBlock = LiteBox.SnpMachine.SecurityProcessor.IdBlock;

namespace LiteBox.SnpMachine.Tests;

/// <summary>ID blocks that tools/LiteBox.Attestation makes, as at the end of a launch.</summary>
public sealed unsafe class IdBlockTests : IDisposable
{
    private const ulong Policy = 0x30000;
    private readonly PlatformKey _idKey = PlatformKey.Generate();
    private readonly PlatformKey _authorKey = PlatformKey.Generate();
    private readonly byte[] _measurement = SHA384.HashData("a launch"u8);
    private LaunchedGuest _guest;

    public void Dispose()
    {
        _idKey.Dispose();
        _authorKey.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_good_block_finishes_the_launch_and_reports_carry_it(bool hasAuthor)
    {
        Assert.Equal(Rule.None, Apply(hasAuthor, _ => { }, _ => { }));
        fixed (LaunchedGuest* guest = &_guest)
        {
            Assert.Equal((uint)7, guest->GuestSvn);
            Assert.Equal(new byte[] { 1, 2, 3 }, new Span<byte>(guest->FamilyId, 3).ToArray());
            Assert.Equal(new byte[] { 4, 5, 6 }, new Span<byte>(guest->ImageId, 3).ToArray());
            Assert.Equal(_idKey.Digest, new Span<byte>(guest->IdKeyDigest, Sha384.Size).ToArray());
            Assert.Equal(hasAuthor, guest->HasAuthorKey);
            Assert.Equal(hasAuthor ? _authorKey.Digest : new byte[Sha384.Size], new Span<byte>(guest->AuthorKeyDigest, Sha384.Size).ToArray());
        }
    }

    [Theory]
    [InlineData(0x00, "LaunchIdBlock")]             // digest
    [InlineData(0x2F, "LaunchIdBlock")]
    [InlineData(0x50, "LaunchIdBlock")]             // version
    [InlineData(0x58, "LaunchIdBlock")]             // policy
    [InlineData(0x30, "LaunchIdBlockSignature")]    // family
    [InlineData(0x40, "LaunchIdBlockSignature")]    // image
    [InlineData(0x54, "LaunchIdBlockSignature")]    // SVN
    public void A_changed_block_is_refused(int place, string rule) => Assert.Equal(rule, Apply(true, block => block[place] ^= 1, _ => { }).ToString());

    [Theory]
    [InlineData(0x000, "LaunchIdKey")]              // algorithm of the ID key
    [InlineData(0x004, "LaunchIdKey")]              // algorithm of the author key
    [InlineData(0x240, "LaunchIdKey")]              // curve of the ID key
    [InlineData(0x880, "LaunchIdKey")]              // curve of the author key
    [InlineData(0x2D4, "LaunchIdKey")]              // behind the ID key's numbers
    [InlineData(0x244, "LaunchIdBlockSignature")]   // X of the ID key
    [InlineData(0x28C, "LaunchIdBlockSignature")]   // Y of the ID key
    [InlineData(0x040, "LaunchIdBlockSignature")]   // R
    [InlineData(0x088, "LaunchIdBlockSignature")]   // S
    [InlineData(0x0D0, "LaunchIdBlockSignature")]   // behind S
    [InlineData(0x680, "LaunchIdKeySignature")]
    [InlineData(0x6C8, "LaunchIdKeySignature")]
    [InlineData(0x884, "LaunchIdKeySignature")]     // X of the author key
    public void Changed_authentication_is_refused(int place, string rule) =>
        Assert.Equal(rule, Apply(true, _ => { }, authentication => authentication[place] ^= 1).ToString());

    [Fact]
    public void A_block_of_another_key_is_refused()
    {
        using PlatformKey other = PlatformKey.Generate();
        Assert.Equal(Rule.LaunchIdBlockSignature, Apply(false, _ => { }, authentication => other.Structure.CopyTo(authentication, 0x240)));
    }

    private Rule Apply(bool hasAuthor, Action<byte[]> changeBlock, Action<byte[]> changeAuthentication)
    {
        Attestation.IdBlock block = new() { LaunchDigest = _measurement, FamilyId = Padded(1, 2, 3), ImageId = Padded(4, 5, 6), GuestSvn = 7, Policy = new(Policy) };
        byte[] blockBytes = block.ToBytes();
        byte[] authentication = IdAuthentication.Create(block, _idKey, hasAuthor ? _authorKey : null).Bytes.ToArray();
        changeBlock(blockBytes);
        changeAuthentication(authentication);
        MachineConfiguration machine = new() { GuestPolicy = Policy, Options = MachineOptions.IdBlock | (hasAuthor ? MachineOptions.AuthorKey : 0) };
        blockBytes.CopyTo(new Span<byte>(machine.IdBlock, 96));
        authentication.CopyTo(new Span<byte>(machine.IdAuthentication, 4096));
        fixed (LaunchedGuest* guest = &_guest)
        {
            _measurement.CopyTo(new Span<byte>(guest->Measurement, Sha384.Size));
            return MachineIdBlock.Apply(&machine, guest);
        }
    }

    private static byte[] Padded(byte a, byte b, byte c) => [a, b, c, .. new byte[13]];
}

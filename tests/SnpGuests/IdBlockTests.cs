using System;
using System.Linq;
using System.Threading.Tasks;
using LiteBox.Attestation;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>The owner's ID block guards the launch (56860, 8.18): LinuxTests show the report of a good one.</summary>
public sealed class IdBlockTests
{
    [Fact]
    public async Task A_good_block_lets_the_guest_run()
    {
        SnpRecord record = await LaunchAsync(_ => { }, _ => { });
        Assert.Equal(["terminated-by-guest"], record.Refusals.Select(refusal => refusal.Rule));
    }

    [Theory]
    [InlineData(0x00, "launch-id-block")]
    [InlineData(0x58, "launch-id-block")]
    [InlineData(0x54, "launch-id-block-signature")]
    public async Task A_wrong_block_ends_the_launch_by_name(int place, string rule)
    {
        SnpRecord record = await LaunchAsync(block => block[place] ^= 1, _ => { });
        Assert.Equal([rule], record.Refusals.Select(refusal => refusal.Rule));
        Assert.Null(record.Termination);
    }

    [Theory]
    [InlineData(0x000, "launch-id-key")]
    [InlineData(0x040, "launch-id-block-signature")]
    [InlineData(0x680, "launch-id-key-signature")]
    public async Task A_wrong_signature_ends_the_launch_by_name(int place, string rule)
    {
        SnpRecord record = await LaunchAsync(_ => { }, authentication => authentication[place] ^= 1);
        Assert.Equal([rule], record.Refusals.Select(refusal => refusal.Rule));
        Assert.Null(record.Termination);
    }

    private static async Task<SnpRecord> LaunchAsync(Action<byte[]> changeBlock, Action<byte[]> changeAuthentication)
    {
        byte[] firmware = MistakeFirmware.Build(a => MistakeFirmware.Say(a, 1));
        using Owner owner = new(SnpHost.Digest(FirmwareImage.Parse(firmware).Value!, cpus: 1), SnpMachines.Settings.Policy);
        changeBlock(owner.Block);
        changeAuthentication(owner.Authentication);
        VirtualMachineOptions options = new()
        {
            Machine = SnpMachines.Machine(SnpHost.Keep("id-block.fd", firmware), SnpMachines.Settings with { IdBlock = owner.Given }),
            Boot = new NoBoot(),
            MemoryMiB = 64,
        };
        return (await SnpHost.RunAsync(options, TimeSpan.FromMinutes(2))).Record;
    }
}

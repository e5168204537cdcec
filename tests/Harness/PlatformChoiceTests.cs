using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Harness.Tests;

public class PlatformChoiceTests
{
    private static readonly SnpSupport Epyc = new("Y", CanOpenKvm: true, CanOpenSecurityProcessor: true, "QEMU emulator version 10.0.2");
    private static readonly SnpSupport Laptop = new(null, CanOpenKvm: true, CanOpenSecurityProcessor: false, "QEMU emulator version 10.0.2");

    [Theory]
    [InlineData(Platform.Auto, true, Platform.Snp, "this host runs SNP guests")]
    [InlineData(Platform.Auto, false, Platform.SnpMachine, "no SNP hardware to use here: there is no kvm_amd that knows SNP")]
    [InlineData(Platform.SnpMachine, true, Platform.SnpMachine, "as asked for")]
    [InlineData(Platform.Plain, true, Platform.Plain, "as asked for")]
    [InlineData(Platform.Snp, true, Platform.Snp, "as asked for")]
    public void The_choice_says_why(Platform wanted, bool onEpyc, Platform chosen, string reason) =>
        Assert.Equal(new PlatformChoice(chosen, reason), PlatformChoice.Of(wanted, onEpyc ? Epyc : Laptop, countInstructions: false));

    [Fact]
    public void What_cannot_be_had_says_what_to_do()
    {
        string? obstacle = PlatformChoice.Of(Platform.Snp, Laptop, countInstructions: false).Obstacle;
        Assert.Contains("modprobe kvm_amd", obstacle);
        Assert.Contains("--platform snp-machine", obstacle);
    }

    [Fact]
    public void Instructions_are_counted_in_software_even_on_SNP_hardware()
    {
        Assert.Equal(Platform.SnpMachine, PlatformChoice.Of(Platform.Auto, Epyc, countInstructions: true).Platform);
        Assert.NotNull(PlatformChoice.Of(Platform.Snp, Epyc, countInstructions: true).Obstacle);
        Assert.Null(PlatformChoice.Of(Platform.Plain, Laptop, countInstructions: true).Obstacle);
    }
}

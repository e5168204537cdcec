using System.Threading.Tasks;
using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Guest.Tests;

public sealed class DifferentialFixture() : SuiteFixture(GuestSuites.Differential, "differential");

/// <summary>Programs and scripts print on this kernel, byte for byte, what they print on Linux.</summary>
public class DifferentialTests(DifferentialFixture runs) : IClassFixture<DifferentialFixture>
{
    public static TheoryData<GuestPlatform, string> Cases => SuiteFixture.Cases(GuestSuites.Differential);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Output_is_that_of_Linux(GuestPlatform platform, string name)
    {
        string difference = OutputDifference.Between(name, runs.Linux[name], (await runs.OnAsync(platform)).Outputs[name]);
        Assert.True(difference.Length == 0, difference);
    }

    [Theory]
    [EveryPlatform]
    public async Task The_kernel_never_stopped(GuestPlatform platform) => (await runs.OnAsync(platform)).IsClean(platform);
}

using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Guest.Tests;

public sealed class DifferentialFixture() : SuiteFixture(GuestSuites.Differential, "differential");

/// <summary>Programs and scripts print on this kernel, byte for byte, what they print on Linux.</summary>
public class DifferentialTests(DifferentialFixture runs) : IClassFixture<DifferentialFixture>
{
    public static TheoryData<string> Names => [.. GuestSuites.Differential.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Output_is_that_of_Linux(string name)
    {
        string difference = OutputDifference.Between(name, runs.Linux[name], runs.Ours[name]);
        Assert.True(difference.Length == 0, difference);
    }

    [Fact]
    public void The_kernel_never_stopped() => Assert.DoesNotContain("litebox: STOP", runs.Console);
}

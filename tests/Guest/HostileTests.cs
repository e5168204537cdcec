using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Guest.Tests;

public sealed class HostileFixture() : SuiteFixture(GuestSuites.Hostile, "hostile");

/// <summary>Whatever a program does, the kernel goes on; and what becomes of the program is what becomes of it on Linux.</summary>
public class HostileTests(HostileFixture runs) : IClassFixture<HostileFixture>
{
    public static TheoryData<string> Names => [.. GuestSuites.Hostile.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_program_ends_as_on_Linux(string name)
    {
        // Which limit a hog meets first is the kernel's business: its own exit status says whether it was one of those allowed.
        Assert.True(runs.Linux[name].End == runs.Ours[name].End, $"{name}: {runs.Ours[name].End}\n{runs.Ours[name].Text}");
    }

    [Fact]
    public void The_kernel_never_stopped() => Assert.DoesNotContain("litebox: STOP", runs.Console);
}

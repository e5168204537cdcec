using System.Threading.Tasks;
using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Guest.Tests;

public sealed class HostileFixture() : SuiteFixture(GuestSuites.Hostile, "hostile");

/// <summary>Whatever a program does, the kernel goes on; and what becomes of the program is what becomes of it on Linux.</summary>
public class HostileTests(HostileFixture runs) : IClassFixture<HostileFixture>
{
    public static TheoryData<GuestPlatform, string> Cases => SuiteFixture.Cases(GuestSuites.Hostile);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_program_ends_as_on_Linux(GuestPlatform platform, string name)
    {
        // Which limit a hog meets first is the kernel's business: its own exit status says whether it was one of those allowed.
        GuestOutput ours = (await runs.OnAsync(platform)).Outputs[name];
        Assert.True(runs.Linux[name].End == ours.End, $"{name}: {ours.End}\n{ours.Text}");
    }

    [Theory]
    [EveryPlatform]
    public async Task The_kernel_never_stopped(GuestPlatform platform) => (await runs.OnAsync(platform)).IsClean(platform);
}

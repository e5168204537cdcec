using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>One suite, run once on Linux (or taken from its recording) and once on each machine on this kernel; all its tests look at the same runs.</summary>
public abstract class SuiteFixture(GuestSuite suite, string name) : IAsyncLifetime
{
    private readonly Dictionary<GuestPlatform, Task<Run>> _runs = [];

    public IReadOnlyDictionary<string, GuestOutput> Linux { get; private set; } = new Dictionary<string, GuestOutput>();

    /// <summary>A test for each machine and each name of a suite.</summary>
    public static TheoryData<GuestPlatform, string> Cases(GuestSuite suite)
    {
        var cases = new TheoryData<GuestPlatform, string>();
        foreach (GuestPlatform platform in Enum.GetValues<GuestPlatform>())
        {
            suite.Names.ToList().ForEach(test => cases.Add(platform, test));
        }

        return cases;
    }

    public async Task InitializeAsync() => Linux = await LinuxRecording.OfAsync(suite, suite.Names);

    /// <summary>This kernel's run on a machine: made by the first test that asks.</summary>
    public Task<Run> OnAsync(GuestPlatform platform) =>
        _runs.TryGetValue(platform, out Task<Run>? run) ? run : _runs[platform] = RunAsync(platform);

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task<Run> RunAsync(GuestPlatform platform)
    {
        var run = new SuiteRun(suite, GuestKernel.LiteBoxOn(platform));
        IReadOnlyDictionary<string, GuestOutput> outputs = await run.RunAsync(suite.Names);
        await File.WriteAllTextAsync(Path.Combine(Repository.OutDirectory("guest-console"), $"{name}-{platform}.txt"), run.Transcript);
        return new Run(outputs, run.Transcript, run.Records);
    }

    /// <summary>What a run left.</summary>
    /// <param name="Outputs">What each test printed.</param>
    /// <param name="Console">All that the consoles showed.</param>
    /// <param name="Records">What the SNP machine told, a boot each; empty on the plain machine.</param>
    public sealed record Run(IReadOnlyDictionary<string, GuestOutput> Outputs, string Console, IReadOnlyList<SnpRecord> Records)
    {
        /// <summary>The kernel went on to the end of one boot, and the SNP machine found nothing to refuse.</summary>
        public void IsClean(GuestPlatform platform)
        {
            Assert.DoesNotContain("litebox: STOP", Console);
            Assert.Equal(platform == GuestPlatform.Plain ? 0 : 1, Records.Count);
            Assert.All(Records, record => SnpJudgement.IsClean(record, Console));
        }
    }
}

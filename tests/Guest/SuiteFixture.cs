using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>One suite, run once on Linux (or taken from its recording) and once on this kernel; all its tests look at the same two runs.</summary>
public abstract class SuiteFixture(GuestSuite suite, string name) : IAsyncLifetime
{
    public IReadOnlyDictionary<string, GuestOutput> Linux { get; private set; } = new Dictionary<string, GuestOutput>();

    public IReadOnlyDictionary<string, GuestOutput> Ours { get; private set; } = new Dictionary<string, GuestOutput>();

    public string Console { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Linux = await LinuxRecording.OfAsync(suite, suite.Names);
        var run = new SuiteRun(suite, GuestKernel.LiteBox);
        Ours = await run.RunAsync(suite.Names);
        Console = run.Transcript;
        await File.WriteAllTextAsync(Path.Combine(Repository.OutDirectory("guest-console"), name + ".txt"), Console);
    }

    public Task DisposeAsync() => Task.CompletedTask;
}

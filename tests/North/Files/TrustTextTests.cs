using System.Text;
using LiteBox.Abi;
using LiteBox.North.Files;
using TextWriter = LiteBox.North.Text.TextWriter;

namespace LiteBox.North.Tests.Files;

/// <summary>/proc/litebox (hardening rules T41 and T42).</summary>
public class TrustTextTests
{
    [Theory]
    [InlineData(false, 3, "time_trusted: no\ntime_steps_back: 3\n")]
    [InlineData(true, 0, "time_trusted: yes\ntime_steps_back: 0\n")]
    public void It_says_what_the_clock_says(bool isTrusted, long stepsBack, string expected) => NorthSystem.Run(system =>
    {
        system.Machine.FakeClock.Trust = isTrusted;
        system.Machine.FakeClock.StepsBack = stepsBack;
        TextWriter text = new();
        Assert.Equal(Errno.None, TrustTexts.Write(system.Task, ref text));
        Assert.Equal($"machine: {system.Machine.Description}\n{expected}", Encoding.UTF8.GetString(text.Written));
    });
}

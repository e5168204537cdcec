using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Harness.Tests;

public class OutcomeTests
{
    [Theory]
    [InlineData("", WorkloadEnd.Unknown, 0, 124)]
    [InlineData("litebox: workload exited with status 0\r\n", WorkloadEnd.Exited, 0, 0)]
    [InlineData("[    1.5] litebox: workload exited with status 42\r\n", WorkloadEnd.Exited, 42, 42)]
    [InlineData("litebox: workload killed by signal 9\r\n", WorkloadEnd.Killed, 9, 137)]
    [InlineData("litebox: workload exited with status 1\nlitebox: workload exited with status 2\n", WorkloadEnd.Exited, 2, 2)]
    [InlineData("litebox: STOP 7 out of frames\nlitebox: workload exited with status 0\n", WorkloadEnd.Stopped, 7, 125)]
    [InlineData("workload exited with status 3", WorkloadEnd.Unknown, 0, 124)]
    public void The_console_tells_how_the_workload_ended(string console, WorkloadEnd end, int number, int status)
    {
        WorkloadOutcome outcome = WorkloadOutcome.Find(console);
        Assert.Equal(new WorkloadOutcome(end, number), outcome);
        Assert.Equal(status, outcome.ExitStatus);
    }
}

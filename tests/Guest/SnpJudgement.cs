using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Guest.Tests;

/// <summary>What a strict SNP machine has to say of this kernel: nothing.</summary>
internal static class SnpJudgement
{
    /// <summary>The machine refused nothing, the guest did not ask for its end, and no #VC was delivered to the kernel.</summary>
    public static void IsClean(SnpRecord record, string console)
    {
        Assert.True(record is { LaunchDigest: not null, Refusals.Count: 0, Termination: null }, $"{record.Text}\n{console}");
        Assert.True(record.Counters.TryGetValue("kernel_vc", out ulong kernelCommunications), $"the machine did not come to its end\n{record.Text}\n{console}");
        Assert.Equal(0UL, kernelCommunications);
    }
}

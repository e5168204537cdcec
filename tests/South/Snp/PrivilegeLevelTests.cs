using LiteBox.South.Memory;
using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rule T34: this kernel runs at VMPL0 with nothing below it, and refuses everything else by name.</summary>
public unsafe class PrivilegeLevelTests
{
    private readonly RmpModel rmp = new();
    private readonly byte[] secrets = new byte[4096];

    [Fact]
    public void T34_AtTheHighestLevelThereIsNoProblem()
    {
        Assert.Null(Find());
        Assert.Equal(["rmpadjust 5 1"], rmp.Trace); // nothing for VMPL1, and no VMSA
    }

    [Fact]
    public void T34_ALowerLevelIsRefusedByName()
    {
        rmp.Answer = (PageResult)2; // FAIL_PERMISSION
        Assert.Contains("VMPL0", Find());
    }

    [Theory]
    [InlineData(0x148)] // svsm_size
    [InlineData(0x14F)]
    [InlineData(0x15C)] // svsm_guest_vmpl
    public void T34_AnSvsmIsRefusedByName(int offset)
    {
        secrets[offset] = 1;
        Assert.Contains("SVSM", Find());
        Assert.Empty(rmp.Trace);
    }

    private string? Find()
    {
        fixed (byte* page = secrets)
        {
            return PrivilegeLevel.FindProblem(page, rmp, (ulong)FrameDatabase.Bytes(5));
        }
    }
}

using System;
using System.Runtime.InteropServices;
using LiteBox.South.Memory;
using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>An RMP with teeth: frames that are fenced off fault when they are touched, and the fence falls when they are validated.</summary>
internal sealed unsafe partial class FencedRmp : RmpModel
{
    public override PageResult Validate(ulong address, bool isLarge, bool validate, out bool hasChanged)
    {
        PageResult result = base.Validate(address, isLarge, validate, out hasChanged);
        if (result == PageResult.Success && validate)
        {
            Protect((uint)((address - PhysicalMemory.Base) >> PageSize.Shift), isLarge ? (uint)PageSize.FramesPerLarge : 1, true);
        }

        return result;
    }

    /// <summary>Puts up or takes away the fence.</summary>
    public static void Protect(uint first, uint count, bool accessible)
    {
        const int ReadWrite = 3;
        Assert.Equal(0, SetProtection((nint)FrameDatabase.Bytes(first), (nuint)count * PageSize.Bytes, accessible ? ReadWrite : 0));
    }

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int SetProtection(nint address, nuint length, int protection);
}

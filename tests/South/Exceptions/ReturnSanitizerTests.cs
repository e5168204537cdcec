using CsCheck;
using LiteBox.Platform;
using LiteBox.South.Exceptions;
using LiteBox.South.Processors;
using Xunit;

namespace LiteBox.South.Tests.Exceptions;

public sealed class ReturnSanitizerTests
{
    private const ulong Interrupts = 1 << 9;
    private const ulong Privilege = 3 << 12;
    private const ulong Virtual8086 = 1 << 17;

    [Fact]
    public void WhateverTheFlagsAreTheProgramGetsHarmlessOnes()
    {
        Gen.ULong.Sample(flags =>
        {
            UserRegisters registers = new() { Rflags = flags, Cs = flags, Ss = flags };
            ReturnSanitizer.Sanitize(ref registers);
            Assert.Equal(0x33UL, registers.Cs);
            Assert.Equal(0x2BUL, registers.Ss);
            Assert.Equal(Interrupts | 2, registers.Rflags & (Interrupts | Privilege | Virtual8086 | 2));
            Assert.Equal(0UL, registers.Rflags >> 22);

            // what arithmetic leaves, direction, trap and alignment check are the program's
            const ulong Own = 0x0004_0DD5;
            Assert.Equal(flags & Own, registers.Rflags & Own);
        });
    }

    [Theory]
    [InlineData(0UL, true)]
    [InlineData(0x7FFF_FFFF_EFFFUL, true)]
    [InlineData(0x7FFF_FFFF_F000UL, false)]
    [InlineData(0x8000_0000_0000UL, false)] // not canonical: SYSRET would fault in the kernel (T67)
    [InlineData(0xFFFF_8000_0000_0000UL, false)]
    public void OnlyUserAddressesAreReturnedTo(ulong rip, bool expected)
    {
        UserRegisters registers = new() { Rip = rip };
        Assert.Equal(expected, ReturnSanitizer.IsReturnable(registers));
    }

    [Fact]
    public void SysretNeverTurnsInterruptsOffOrTraps()
    {
        Assert.Equal(0UL, Rflags.SysretMayRestore & (Rflags.Trap | Rflags.Resume | Rflags.NestedTask | Rflags.PrivilegeLevel));
        Assert.NotEqual(0UL, Rflags.ClearedAtSystemCall & Rflags.Interrupt);
        Assert.NotEqual(0UL, Rflags.ClearedAtSystemCall & Rflags.AlignmentCheck); // closes SMAP's window
        Assert.NotEqual(0UL, Rflags.ClearedAtSystemCall & Rflags.Direction);
    }

    [Theory]
    [InlineData(0x04UL, PageAccess.Read, false)]
    [InlineData(0x06UL, PageAccess.Write, false)]
    [InlineData(0x07UL, PageAccess.Write, false)]
    [InlineData(0x14UL, PageAccess.Execute, false)]
    [InlineData(0x0CUL, PageAccess.Read, true)] // reserved bit set
    [InlineData(0x24UL, PageAccess.Read, true)] // protection key
    [InlineData(0x8000_0004UL, PageAccess.Read, true)] // RMP
    public void PageFaultErrorCodesAreDecoded(ulong code, PageAccess access, bool isImpossible)
    {
        PageFaultError error = new(code);
        Assert.True(error.FromUserMode);
        Assert.Equal(access, error.Access);
        Assert.Equal(isImpossible, error.IsImpossible);
    }
}

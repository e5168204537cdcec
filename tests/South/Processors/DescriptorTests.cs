using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LiteBox.Platform;
using LiteBox.South.Processors;
using Xunit;

namespace LiteBox.South.Tests.Processors;

/// <summary>The tables as the processor reads them (APM volume 2, 4.7, 4.8 and 12.2.5). The code and data descriptors are those of Linux's table.</summary>
public sealed class DescriptorTests
{
    private const ulong Address = 0xFFFF_FFFF_8012_3450;

    [Fact]
    public void TheGlobalTableHasEachDescriptorAtItsSelector()
    {
        Assert.Equal(0x00AF_9B00_0000_FFFFUL, Descriptor(Selectors.KernelCode));
        Assert.Equal(0x00CF_9300_0000_FFFFUL, Descriptor(Selectors.KernelData));
        Assert.Equal(0x00CF_F300_0000_FFFFUL, Descriptor(Selectors.UserData));
        Assert.Equal(0x00AF_FB00_0000_FFFFUL, Descriptor(Selectors.UserCode));
        Assert.Equal(0x8000_8912_3450_0067UL, Descriptor(Selectors.TaskState));
        Assert.Equal(0x0000_0000_FFFF_FFFFUL, Descriptor(Selectors.TaskState + 8));
        Assert.Equal(0UL, Descriptor(0));
        Assert.Equal(0UL, Descriptor(Selectors.UserBase & ~3)); // 32-bit code: none
    }

    [Fact]
    public void SyscallAndSysretFindTheirSelectors()
    {
        Assert.Equal(Selectors.KernelCode + 8, Selectors.KernelData);
        Assert.Equal(Selectors.UserBase + 8, Selectors.UserData);
        Assert.Equal(Selectors.UserBase + 16, Selectors.UserCode);
    }

    [Fact]
    public void TheTaskStateSegmentHasTheStacksWhereTheManualSays()
    {
        TaskStateSegment segment = TaskStateSegment.Create(0xD0, 0x20, 0x18, 0x29);
        segment.StackPointer0 = 0x50;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<TaskStateSegment>(in segment));
        Assert.Equal(TaskStateSegment.Size, bytes.Length);
        Assert.Equal(0x50UL, MemoryMarshal.Read<ulong>(bytes[4..]));
        Assert.Equal(0xD0UL, MemoryMarshal.Read<ulong>(bytes[(0x24 + (8 * ((int)InterruptStack.DoubleFault - 1)))..]));
        Assert.Equal(0x20UL, MemoryMarshal.Read<ulong>(bytes[(0x24 + (8 * ((int)InterruptStack.NonMaskable - 1)))..]));
        Assert.Equal(0x18UL, MemoryMarshal.Read<ulong>(bytes[(0x24 + (8 * ((int)InterruptStack.MachineCheck - 1)))..]));
        Assert.Equal(0x29UL, MemoryMarshal.Read<ulong>(bytes[(0x24 + (8 * ((int)InterruptStack.VmmCommunication - 1)))..]));
        Assert.Equal(TaskStateSegment.Size, MemoryMarshal.Read<ushort>(bytes[0x66..])); // no I/O map
    }

    [Fact]
    public void AGateIsEncodedAsTheManualSays()
    {
        (ulong low, ulong high) = Words(new InterruptGate(Address, InterruptStack.DoubleFault, userMayCall: false));
        Assert.Equal(0x8012_8E01_0010_3450UL, low);
        Assert.Equal(0x0000_0000_FFFF_FFFFUL, high);
        Assert.Equal(0x8012_EE00_0010_3450UL, Words(new InterruptGate(Address, InterruptStack.Current, userMayCall: true)).Low);
    }

    [Fact]
    public void ThereIsNoLegacySystemCall()
    {
        // T7
        for (int vector = 0; vector < InterruptVectors.Count; vector++)
        {
            bool isPresent = (Words(InterruptVectors.Gate(vector, Address, 16)).Low & (1UL << 47)) != 0;
            Assert.Equal(vector != 0x80, isPresent);
        }
    }

    [Fact]
    public void ProgramsCanCallTwoGatesOnly()
    {
        for (int vector = 0; vector < InterruptVectors.Count; vector++)
        {
            bool userMayCall = ((Words(InterruptVectors.Gate(vector, Address, 16)).Low >> 45) & 3) == 3;
            Assert.Equal(vector is (int)ExceptionVector.Breakpoint or (int)ExceptionVector.Overflow, userMayCall);
        }
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(2, 2)]
    [InlineData(18, 3)]
    [InlineData(29, 4)]
    [InlineData(14, 0)]
    [InlineData(0x40, 0)]
    public void WhatCannotTrustTheStackHasItsOwn(int vector, byte stack) =>
        Assert.Equal(stack, (byte)(Words(InterruptVectors.Gate(vector, Address, 16)).Low >> 32) & 7);

    [Fact]
    public void TheProcessorPushesErrorCodesForTheseVectors()
    {
        // APM volume 2, table 8-1
        int[] expected = [8, 10, 11, 12, 13, 14, 17, 21, 29, 30];
        for (int vector = 0; vector < InterruptVectors.Count; vector++)
        {
            Assert.Equal(Array.IndexOf(expected, vector) >= 0, InterruptVectors.PushesErrorCode(vector));
        }
    }

    private static ulong Descriptor(int selector)
    {
        GlobalDescriptorTable table = GlobalDescriptorTable.Create(Address | 0); // base 0xFFFFFFFF80123450
        return MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(new ReadOnlySpan<GlobalDescriptorTable>(in table))[(selector & ~7)..]);
    }

    private static (ulong Low, ulong High) Words(InterruptGate gate) =>
        (Unsafe.As<InterruptGate, ulong>(ref gate), Unsafe.Add(ref Unsafe.As<InterruptGate, ulong>(ref gate), 1));
}

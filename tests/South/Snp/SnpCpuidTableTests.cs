using System;
using System.Linq;
using System.Runtime.InteropServices;
using CsCheck;
using LiteBox.South.Processors;
using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rule T37.</summary>
public unsafe class SnpCpuidTableTests
{
    [Fact]
    public void LeavesAreFoundAndMissingOnesAreZero()
    {
        Assert.True(TryRead(Page(
            new SnpCpuidFunction { EaxIn = 0, Eax = 0x10, Ebx = 1, Ecx = 2, Edx = 3 },
            new SnpCpuidFunction { EaxIn = 7, EcxIn = 0, Ebx = 70 },
            new SnpCpuidFunction { EaxIn = 7, EcxIn = 1, Eax = 71 }), out SnpCpuidTable table));
        Assert.Equal(0x10u, table.Query(0, 99, 0).Eax); // no subleaves: ECX does not matter
        Assert.Equal(70u, table.Query(7, 0, 0).Ebx);
        Assert.Equal(71u, table.Query(7, 1, 0).Eax);
        Assert.Equal(0u, table.Query(7, 2, 0).Eax);
        Assert.Equal(0u, table.Query(0x4000_0000, 0, 0).Eax);
    }

    [Fact]
    public void WhatDependsOnTheKernelIsFilledIn()
    {
        Assert.True(TryRead(Page(
            new SnpCpuidFunction { EaxIn = 1, Ebx = 0xFF11_2233, Ecx = 0 },
            new SnpCpuidFunction { EaxIn = 0xD, EcxIn = 0, Ebx = 0xFFFF },
            new SnpCpuidFunction { EaxIn = 0xD, EcxIn = 2, Eax = 256, Ebx = 576 },
            new SnpCpuidFunction { EaxIn = 0xD, EcxIn = 9, Eax = 8, Ebx = 2432 }), out SnpCpuidTable table));
        Assert.Equal(0x0011_2233u, table.Query(1, 0, 7).Ebx);
        Assert.Equal(1u << 27, table.Query(1, 0, 7).Ecx);
        Assert.Equal(576u, table.Query(0xD, 0, 3).Ebx);
        Assert.Equal(832u, table.Query(0xD, 0, 7).Ebx);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(65u)]
    [InlineData(uint.MaxValue)]
    public void AnImpossibleCountIsRefused(uint count)
    {
        byte[] page = Page(new SnpCpuidFunction { EaxIn = 1 });
        BitConverter.TryWriteBytes(page, count);
        Assert.False(TryRead(page, out _));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(15)]
    [InlineData(16 + 40)]
    public void ReservedBytesMustBeZero(int offset)
    {
        byte[] page = Page(new SnpCpuidFunction { EaxIn = 1 });
        page[offset] = 1;
        Assert.False(TryRead(page, out _));
    }

    [Fact]
    public void WhatIsNeededAndMissingIsNamed()
    {
        Assert.True(TryRead(Page(new SnpCpuidFunction { EaxIn = 0, Eax = 0xD }), out SnpCpuidTable table));
        Assert.NotNull(ProcessorFeatures.Read(new SnpHardware(null!, table, 0)).FirstMissing);
    }

    [Fact]
    public void ItIsACopy()
    {
        byte[] page = Page(new SnpCpuidFunction { EaxIn = 2, Eax = 5 });
        Assert.True(TryRead(page, out SnpCpuidTable table));
        Array.Clear(page);
        Assert.Equal(5u, table.Query(2, 0, 0).Eax);
    }

    [Fact]
    public void AnyPageGivesAnAnswer() =>
        Gen.Byte.Array[4096].Sample(bytes =>
        {
            bytes[0] %= 66;
            bytes.AsSpan(1, 15).Clear();
            if (TryRead(bytes, out SnpCpuidTable table))
            {
                table.Query(0xD, 0, ulong.MaxValue);
            }
        }, iter: 500);

    private static byte[] Page(params SnpCpuidFunction[] functions)
    {
        byte[] page = new byte[4096];
        BitConverter.TryWriteBytes(page, functions.Length);
        MemoryMarshal.AsBytes(functions.AsSpan()).CopyTo(page.AsSpan(16));
        return page;
    }

    private static bool TryRead(byte[] page, out SnpCpuidTable table)
    {
        fixed (byte* pointer = page)
        {
            return SnpCpuidTable.TryRead(pointer, out table);
        }
    }
}

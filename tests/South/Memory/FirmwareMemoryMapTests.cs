using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LiteBox.South.Handover;
using LiteBox.South.Memory;
using Xunit;

namespace LiteBox.South.Tests.Memory;

/// <summary>Hardening rule T26: the map is sorted, without overlap, within the physical width, or refused.</summary>
public class FirmwareMemoryMapTests
{
    private const int Stride = 48;

    [Fact]
    public void AMapOfAnyOrderComesOutSorted()
    {
        Assert.Null(Take(
            [
                new(EfiMemoryType.Conventional, 0x100000, 16),
                new(EfiMemoryType.BootServicesData, 0, 160),
                new(EfiMemoryType.Reserved, 0xFF000000, 4096),
                new(EfiMemoryType.LoaderData, 0x200000, 1),
            ],
            48, out List<MemoryRange> ranges));
        Assert.Equal([0UL, 0x100, 0x200, 0xFF000], ranges.Select(r => r.Start));
        Assert.Equal([160UL, 0x110, 0x201, 0x100000], ranges.Select(r => r.End));
    }

    [Fact]
    public void Overlaps() => Refused("overlap", new(EfiMemoryType.Conventional, 0x1000, 2), new(EfiMemoryType.Reserved, 0x2000, 1));

    [Fact]
    public void Unaligned() => Refused("aligned", new Range(EfiMemoryType.Conventional, 0x1800, 2));

    [Fact]
    public void Wrapping() => Refused("beyond", new Range(EfiMemoryType.Conventional, 0xFFFF_FFFF_FFFF_F000, 2));

    [Fact]
    public void CountOfPagesThatWraps() => Refused("beyond", new Range(EfiMemoryType.Conventional, 0x1000, ulong.MaxValue));

    [Fact]
    public void BeyondThePhysicalWidth() => Refused("beyond", new Range(EfiMemoryType.Conventional, (1UL << 48) - 0x1000, 2));

    [Theory]
    [InlineData(0xFEC00000UL, 1UL)] // the I/O APIC
    [InlineData(0xFEE00000UL, 1UL)] // the local APIC
    [InlineData(0xFFFFF000UL, 1UL)] // the reset vector
    [InlineData(0xFE000000UL, 0xC01UL)]
    [InlineData(0xC0000000UL, 0x100000UL)]
    public void T26_RamWhereDevicesAndTheRomAre(ulong start, ulong pages)
    {
        Refused("ROM", new Range(EfiMemoryType.Conventional, start, pages));
        Refused("ROM", new Range(EfiMemoryType.Unaccepted, start, pages));
        Assert.Null(Take([new(EfiMemoryType.MemoryMappedIo, start, pages)], 48, out _));
    }

    [Fact]
    public void T26_RamBesideThemIsRam() => Assert.Null(
        Take([new(EfiMemoryType.Conventional, 0xFE000000, 0xC00), new(EfiMemoryType.Unaccepted, 1UL << 32, 0x80000)], 48, out _));

    [Fact]
    public void UpToThePhysicalWidthIsAccepted() =>
        Assert.Null(Take([new(EfiMemoryType.Reserved, (1UL << 48) - 0x1000, 1)], 48, out _));

    [Fact]
    public void MemoryThatHasNoFrameNumberIsLeftOut()
    {
        Assert.Null(Take([new(EfiMemoryType.Conventional, PhysicalAddress.Limit - 0x2000, 4), new(EfiMemoryType.Conventional, 1UL << 45, 4)], 48, out var ranges));
        Assert.Single(ranges);
        Assert.Equal(PhysicalAddress.Limit >> 12, ranges[0].End);
    }

    [Theory]
    [InlineData(0UL, 48UL)]
    [InlineData(48UL, 0UL)]
    [InlineData(48UL, 39UL)]
    [InlineData(48UL, 44UL)]
    [InlineData(50UL, 48UL)]
    [InlineData(48UL * 5000, 48UL)]
    public unsafe void SizesThatMakeNoSense(ulong length, ulong descriptorSize)
    {
        byte[] bytes = new byte[48 * 5000];
        fixed (byte* pointer = bytes)
        {
            Assert.NotNull(FirmwareMemoryMap.TryTake(pointer, length, descriptorSize, 48, out _));
        }
    }

    [Fact]
    public void LoadersMemoryIsRecognised()
    {
        Take([new(EfiMemoryType.LoaderData, 0x10000, 16), new(EfiMemoryType.Conventional, 0x20000, 16)], 48, out _, map =>
        {
            Assert.True(map.IsLoaders(0x10, 0x20));
            Assert.True(map.IsLoaders(0x11, 0x12));
            Assert.False(map.IsLoaders(0x1F, 0x21));
            Assert.False(map.IsLoaders(0x20, 0x21));
            Assert.False(map.IsLoaders(0x40, 0x41));
            Assert.False(map.IsLoaders(0x10, 0x10));
        });
    }

    [Fact]
    public void AnyBytesGiveAnAnswerAndAGoodMapIsGood() =>
        Gen.Select(Gen.UInt[0, 17], Gen.ULong, Gen.ULong, Gen.Int[0, 2]).Array[1, 40].Sample(entries =>
        {
            Range[] ranges = entries.Select(e => e.Item4 switch
            {
                0 => new Range((EfiMemoryType)e.Item1, e.Item2, e.Item3),
                1 => new Range((EfiMemoryType)e.Item1, e.Item2 & 0xFFFF_F000, e.Item3 & 0xFF),
                _ => new Range((EfiMemoryType)e.Item1, e.Item2 & 0x00FF_FFFF_FFFF_F000, e.Item3 & 0xFFFF_FFFF),
            }).ToArray();
            if (Take(ranges, 46, out List<MemoryRange> taken) is null)
            {
                ulong last = 0;
                foreach (MemoryRange range in taken)
                {
                    Assert.True(range.Start >= last && range.End > range.Start && range.End <= 1UL << 32);
                    last = range.End;
                }
            }
        }, iter: 20000);

    private static void Refused(string word, params Range[] ranges) => Assert.Contains(word, Take(ranges, 48, out _));

    private static unsafe string? Take(Range[] ranges, int physicalBits, out List<MemoryRange> taken, Action<FirmwareMemoryMap>? then = null)
    {
        byte[] bytes = new byte[ranges.Length * Stride];
        taken = [];
        fixed (byte* pointer = bytes)
        {
            for (int i = 0; i < ranges.Length; i++)
            {
                *(EfiMemoryDescriptor*)(pointer + (i * Stride)) =
                    new EfiMemoryDescriptor { Type = ranges[i].Type, PhysicalStart = ranges[i].Start, NumberOfPages = ranges[i].Pages };
            }

            string? problem = FirmwareMemoryMap.TryTake(pointer, (ulong)bytes.Length, Stride, physicalBits, out FirmwareMemoryMap map);
            for (int i = 0; i < map.Count; i++)
            {
                taken.Add(map[i]);
            }

            then?.Invoke(map);
            return problem;
        }
    }

    private sealed record Range(EfiMemoryType Type, ulong Start, ulong Pages);
}

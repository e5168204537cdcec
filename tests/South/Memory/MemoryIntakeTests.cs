using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LiteBox.South.Handover;
using LiteBox.South.Memory;
using LiteBox.South.Tests.Simulation;
using Xunit;

namespace LiteBox.South.Tests.Memory;

/// <summary>Hardening rules T26 and T30 for whole memory maps: only what is nobody's is handed out, each frame once.</summary>
public sealed unsafe class MemoryIntakeTests
{
    private const uint FirstFrame = 256;
    private const uint LoaderStart = 512;
    private const uint LoaderEnd = 640;
    private const ulong MapAddress = 580 << 12;
    private const int Stride = 48;

    private static readonly PhysicalRange Initrd = new() { Start = (600 << 12) + 0x800, Length = 20 << 12 };

    // What the boot application hands over, all in the loader's memory; what lies between was the loader's and is nobody's any more.
    private static readonly (uint First, uint End)[] Kept = [(520, 521), (530, 560), (561, 566), (570, 578), (580, 581), (600, 621), (622, 624)];

    private static readonly EfiMemoryType[] Types =
    [
        EfiMemoryType.Conventional, EfiMemoryType.BootServicesData, EfiMemoryType.Unaccepted, EfiMemoryType.Reserved,
        EfiMemoryType.RuntimeServicesData, EfiMemoryType.AcpiReclaim, EfiMemoryType.Unusable,
    ];

    private static Gen<(EfiMemoryType Type, int Pages)[]> Maps =>
        Gen.Select(Gen.Int[0, Types.Length - 1], Gen.OneOf(Gen.Int[1, 40], Gen.Int[300, 3000])).Select((type, pages) => (Types[type], pages)).Array[0, 12];

    [Fact]
    public void T26_OnlyWhatIsNobodysIsHandedOut() => Maps.Sample(map => Check(map, acceptsMemory: true), iter: 150, threads: 1);

    [Fact]
    public void T30_APlainMachineNeverUsesUnacceptedMemory() => Maps.Sample(map => Check(map, acceptsMemory: false), iter: 150, threads: 1);

    [Fact]
    public void TheInitialRamDiskIsGivenBack()
    {
        Assert.Null(Run([(EfiMemoryType.Conventional, 4000)], false));
        long before = FrameDatabase.FreeCount;
        MemoryIntake.Release(Initrd);
        Assert.Equal(before + 20, FrameDatabase.FreeCount); // its first frame may hold bytes of what stands before it
        Assert.Contains(610u, TakeAll());
    }

    [Fact]
    public void T26_MemoryThatIsNotTheLoadersIsNotTheKernels()
    {
        BootInformation information = Information(out _, [(EfiMemoryType.Conventional, 4000)]);
        information.Stack.Start = (LoaderEnd - 1) << 12;
        Assert.Contains("loader", MemoryIntake.TryRun(information, 46, true));
    }

    [Fact]
    public void T26_WhatWillBeHandedOutIsKnown()
    {
        Assert.Null(Run([(EfiMemoryType.Conventional, 1000), (EfiMemoryType.Reserved, 10), (EfiMemoryType.Unaccepted, 1000)], true));
        Assert.True(MemoryIntake.HasFree(LoaderEnd + 999, LoaderEnd + 1000));
        Assert.False(MemoryIntake.HasFree(LoaderEnd + 1000, LoaderEnd + 1010));
        Assert.True(MemoryIntake.HasFree(LoaderEnd + 1010, LoaderEnd + 1011));
    }

    [Fact]
    public void T30_UnacceptedMemoryIsNotRead()
    {
        Assert.Null(Run([(EfiMemoryType.Conventional, 1000), (EfiMemoryType.Unaccepted, 1000)], true));
        Assert.Equal(4096UL, MemoryIntake.RamFrom((ulong)(LoaderEnd + 999) << 12));
        Assert.Equal(0UL, MemoryIntake.RamFrom((ulong)(LoaderEnd + 1000) << 12));
        Assert.True(MemoryIntake.HasRam(LoaderEnd + 1000, LoaderEnd + 1001)); // and no device is there either
    }

    private static void Check((EfiMemoryType Type, int Pages)[] map, bool acceptsMemory)
    {
        if (Run(map, acceptsMemory) is { } problem)
        {
            Assert.Contains("not enough memory", problem); // maps without a range large enough for the kernel's tables
            return;
        }

        Dictionary<uint, EfiMemoryType> types = TypesOf(map);
        Assert.Equal(types.Values.Count(type => EfiMemoryDescriptor.IsRam(type) && (acceptsMemory || type != EfiMemoryType.Unaccepted)), FrameDatabase.TotalCount);
        HashSet<uint> accepted = [];
        if (acceptsMemory)
        {
            DormantMemory.AcceptBy(new Acceptor(accepted));
        }

        long free = FrameDatabase.FreeCount;
        HashSet<uint> taken = TakeAll();
        Assert.Equal(free, taken.Count);
        foreach (uint frame in taken)
        {
            EfiMemoryType type = types[frame];
            Assert.True(type == EfiMemoryType.Unaccepted ? accepted.Contains(frame) : EfiMemoryDescriptor.IsFreeAfterBoot(type), $"{frame:x} {type}");
            Assert.True(frame >= FirstFrame);
            Assert.DoesNotContain(Kept, range => frame >= range.First && frame < range.End);
        }

        // Nothing is lost but what records and the kernel's tables take.
        int usable = types.Count(pair => pair.Key >= FirstFrame && (pair.Value == EfiMemoryType.Unaccepted ? acceptsMemory : EfiMemoryDescriptor.IsFreeAfterBoot(pair.Value))
            && !Kept.Any(range => pair.Key >= range.First && pair.Key < range.End));
        Assert.InRange(taken.Count, usable - 80, usable);
    }

    private static string? Run((EfiMemoryType Type, int Pages)[] map, bool acceptsMemory)
    {
        BootInformation information = Information(out _, map);
        return MemoryIntake.TryRun(information, 46, acceptsMemory);
    }

    private static BootInformation Information(out int count, (EfiMemoryType Type, int Pages)[] map)
    {
        PhysicalMemory.Reset();
        PhysicalMemory.PoisonRecords();
        SimulatedKernelTable.Build();
        EfiMemoryDescriptor* descriptor = (EfiMemoryDescriptor*)(PhysicalMemory.Base + MapAddress);
        count = 0;
        foreach ((EfiMemoryType type, uint start, uint end) in Ranges(map))
        {
            *descriptor = new EfiMemoryDescriptor { Type = type, PhysicalStart = (ulong)start << 12, NumberOfPages = end - start };
            descriptor = (EfiMemoryDescriptor*)((byte*)descriptor + Stride);
            count++;
        }

        return new BootInformation
        {
            Self = Frames(520, 521),
            Image = Frames(530, 560),
            PageTables = Frames(561, 566),
            Stack = Frames(570, 578),
            MemoryMap = new PhysicalRange { Start = MapAddress, Length = (ulong)(count * Stride) },
            MemoryDescriptorSize = Stride,
            Initrd = Initrd,
            Symbols = Frames(622, 624),
        };
    }

    private static PhysicalRange Frames(uint first, uint end) => new() { Start = (ulong)first << 12, Length = (ulong)(end - first) << 12 };

    private static IEnumerable<(EfiMemoryType Type, uint Start, uint End)> Ranges((EfiMemoryType Type, int Pages)[] map)
    {
        yield return (EfiMemoryType.Conventional, 0, 160);
        yield return (EfiMemoryType.BootServicesCode, FirstFrame, LoaderStart);
        yield return (EfiMemoryType.LoaderData, LoaderStart, LoaderEnd);
        uint start = LoaderEnd;
        foreach ((EfiMemoryType type, int pages) in map)
        {
            uint end = Math.Min(start + (uint)pages, PhysicalMemory.FrameCount);
            if (start < end)
            {
                yield return (type, start, end);
            }

            start = end;
        }
    }

    private static Dictionary<uint, EfiMemoryType> TypesOf((EfiMemoryType Type, int Pages)[] map) =>
        Ranges(map).SelectMany(range => Enumerable.Range((int)range.Start, (int)(range.End - range.Start)).Select(frame => ((uint)frame, range.Type)))
            .ToDictionary(pair => pair.Item1, pair => pair.Type);

    private static HashSet<uint> TakeAll()
    {
        HashSet<uint> taken = [];
        while (FrameDatabase.TryTake(FrameKind.Data, out uint frame))
        {
            Assert.True(taken.Add(frame));
        }

        return taken;
    }

    private sealed class Acceptor(HashSet<uint> accepted) : MemoryAcceptor
    {
        public override void Expect(ulong start, ulong end)
        {
        }

        public override void Accept(uint first, uint count, ulong rangeEnd)
        {
            Assert.Equal(first / 512, (first + count - 1) / 512);
            Assert.True(first + count <= rangeEnd);
            for (uint frame = first; frame < first + count; frame++)
            {
                Assert.True(accepted.Add(frame));
            }
        }
    }
}

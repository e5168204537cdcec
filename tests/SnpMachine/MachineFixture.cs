using System;
using System.Runtime.InteropServices;
using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Host;
using LiteBox.SnpMachine.Memory;
using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace LiteBox.SnpMachine.Tests;

/// <summary>
/// The machine's memory on stock .NET: a guest of 4 MiB with a firmware of 64 KiB, everything shared at first. The machine keeps its state
/// in static fields, so tests run one after the other, and each starts anew.
/// </summary>
public sealed unsafe class MachineFixture : IDisposable
{
    public const ulong Memory = 4 << 20;
    public const ulong Firmware = 64 << 10;
    public const int CBit = 51;

    private const ulong PoolBytes = 8 << 20;
    private readonly byte* _memory;

    public MachineFixture()
    {
        const ulong all = PoolBytes + 2 * Memory + Firmware;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)all, 4096);
        NativeMemory.Clear(_memory, (nuint)all);
        Shared = (ulong)_memory + PoolBytes;
        Private = Shared + Memory;
        FirmwareHome = Private + Memory;
        PageAllocator.Initialise((ulong)_memory, Shared);
        NestedPaging.Initialise(CBit, 5);
        RmpEntry* entries = (RmpEntry*)PageAllocator.Allocate(2);
        Rmp.Initialise(entries, Memory, Firmware);
        GuestMemory.Initialise(Memory, Shared, Private, FirmwareHome, Firmware);
        Refusal.StopsAlways = false;
        Refusal.Context = null;
        PageStateChange.Limit = 0;
    }

    /// <summary>Where the homes of page 0 are.</summary>
    public ulong Shared { get; }

    public ulong Private { get; }

    public ulong FirmwareHome { get; }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    /// <summary>Makes a page private and validates it.</summary>
    public static void Accept(ulong address)
    {
        Assert.True(GuestMemory.Update(address, assigned: true, large: false));
        Assert.Equal(RmpResult.Success, Rmp.Validate(address, large: false, validate: true, out bool changed));
        Assert.True(changed);
    }
}

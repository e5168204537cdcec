using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using LiteBox.Platform;

namespace LiteBox.Fake;

/// <summary>A South in ordinary .NET: what the hosted tests put North on.</summary>
public sealed class FakeMachine : Machine
{
    private byte[] initrd = [];

    /// <summary>A machine with this many frames of memory.</summary>
    public FakeMachine(long frames = 16384)
    {
        FakeFrames = new FakeFrames(frames);
        FakeClock = new FakeClock();
        FakeScheduler = new FakeScheduler(FakeFrames, FakeClock);
        UserMemory = new FakeUserMemory(FakeFrames, FakeScheduler);
    }

    public FakeFrames FakeFrames { get; }

    public FakeClock FakeClock { get; }

    public FakeScheduler FakeScheduler { get; }

    public FakeConsole FakeConsole { get; } = new();

    public FakeHeap FakeHeap { get; } = new();

    /// <summary>The log, line by line.</summary>
    public List<string> LogLines { get; } = [];

    /// <summary>The status with which North powered the machine off; null while it has not.</summary>
    public int? PowerOffStatus { get; private set; }

    /// <summary>True once North restarted the machine.</summary>
    public bool WasRestarted { get; private set; }

    /// <summary>The initial RAM disk.</summary>
    public byte[] InitrdBytes
    {
        set => initrd = value;
    }

    public override string Description => "fake";

    public override FrameAllocator Frames => FakeFrames;

    public override UserMemory UserMemory { get; }

    public override Scheduler Scheduler => FakeScheduler;

    public override Clock Clock => FakeClock;

    public override SerialConsole Console => FakeConsole;

    public override EntropySource Entropy { get; } = new FakeEntropy();

    public override KernelHeap Heap => FakeHeap;

    /// <summary>Who signs reports, where a test gives the machine one.</summary>
    public AttestationDevice? FakeAttestation { get; set; }

    public override AttestationDevice? Attestation => FakeAttestation;

    public override int ProcessorCount => 1;

    public override ReadOnlySpan<byte> CommandLine => "console=ttyS0"u8;

    public override ReadOnlySpan<byte> Initrd => initrd;

    public override CpuidResult Cpuid(uint leaf, uint subleaf) => leaf switch
    {
        0 => new CpuidResult(0xD, 0x68747541, 0x444D4163, 0x69746E65), // AuthenticAMD
        1 => new CpuidResult(0x00A00F11, 0, 0x16D82203, 0x178BFBFF),
        0xD when subleaf == 0 => new CpuidResult(7, 832, 832, 0),
        0xD when subleaf == 2 => new CpuidResult(256, 576, 0, 0),
        _ => default,
    };

    public override void ReleaseInitrd() => initrd = [];

    public override void Log(ReadOnlySpan<char> line) => LogLines.Add(line.ToString());

    [DoesNotReturn]
    public override void PowerOff(int waitStatus)
    {
        PowerOffStatus = waitStatus;
        FakeScheduler.EndMachine();
        throw new ThreadEnd();
    }

    [DoesNotReturn]
    public override void Restart()
    {
        WasRestarted = true;
        FakeScheduler.EndMachine();
        throw new ThreadEnd();
    }

    /// <summary>Runs the threads that were started until the machine is off or all have ended. Throws what a thread threw.</summary>
    public void Run() => FakeScheduler.Run();
}

/// <summary>The console as two buffers.</summary>
public sealed class FakeConsole : SerialConsole
{
    public override ConsoleReceiver? Receiver { get; set; }

    /// <summary>What was written.</summary>
    public List<byte> Output { get; } = [];

    /// <summary>Room in the device's buffer; a write beyond it takes less.</summary>
    public int Room { get; set; } = int.MaxValue;

    public override WaitQueue OutputReady { get; } = new();

    public override int OutputPending => 0;

    /// <summary>Types bytes.</summary>
    public void Type(ReadOnlySpan<byte> bytes) => Receiver?.Received(bytes);

    public override int TryWrite(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, Room);
        Output.AddRange(bytes[..count]);
        return count;
    }
}

/// <summary>The heap of .NET: reservations succeed unless a test says otherwise.</summary>
public sealed class FakeHeap : KernelHeap
{
    /// <summary>How many more reservations succeed; negative: all.</summary>
    public int ReservationsUntilFailure { get; set; } = -1;

    public override long BytesHeld => 1 << 20;

    public override long BytesEmpty => EmptyBytes;

    /// <summary>What <see cref="BytesEmpty"/> says.</summary>
    public long EmptyBytes { get; set; }

    public override int ClassCount => 2;

    public override long CollectionCount => GC.CollectionCount(0);

    public override bool TryReserve(int bytes)
    {
        if (ReservationsUntilFailure == 0)
        {
            return false;
        }

        if (ReservationsUntilFailure > 0)
        {
            ReservationsUntilFailure--;
        }

        return true;
    }

    public override void Collect()
    {
    }

    /// <summary>Three small objects in one block, and two blocks of large ones.</summary>
    public override void Measure(Span<HeapClassUse> classes)
    {
        classes[0] = new HeapClassUse { CellBytes = 24, CellsPerBlock = 341, BlockBytes = 8192, CellsInUse = 3, Blocks = 1 };
        classes[1] = new HeapClassUse { CellBytes = 8192, CellsPerBlock = 1, BlockBytes = 8192, CellsInUse = 2, Blocks = 2 };
    }
}

/// <summary>Random bits from the operating system.</summary>
internal sealed class FakeEntropy : EntropySource
{
    public override bool TryFill(Span<byte> destination)
    {
        RandomNumberGenerator.Fill(destination);
        return true;
    }
}

using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace LiteBox.Platform;

/// <summary>The four registers that CPUID returns (APM volume 3, appendix E).</summary>
public readonly struct CpuidResult
{
    public CpuidResult(uint eax, uint ebx, uint ecx, uint edx)
    {
        Eax = eax;
        Ebx = ebx;
        Ecx = ecx;
        Edx = edx;
    }

    public uint Eax { get; }
    public uint Ebx { get; }
    public uint Ecx { get; }
    public uint Edx { get; }
}

/// <summary>What the heap holds of one size class.</summary>
public readonly struct HeapClassUse
{
    /// <summary>Bytes of a cell. Of the class of large objects: of a block, for a large object takes whole blocks.</summary>
    public int CellBytes { get; init; }

    /// <summary>Cells in a block.</summary>
    public int CellsPerBlock { get; init; }

    /// <summary>Bytes of a block.</summary>
    public int BlockBytes { get; init; }

    /// <summary>Cells with an object in them.</summary>
    public long CellsInUse { get; init; }

    /// <summary>Blocks with such cells.</summary>
    public long Blocks { get; init; }
}

/// <summary>The collected heap of kernel objects.</summary>
public abstract class KernelHeap
{
    /// <summary>
    /// Makes sure that <paramref name="bytes"/> can be allocated with <c>new</c> until the kernel is next left, collecting or growing where
    /// needed. False: answer ENOMEM. Call it at kernel entry only.
    /// </summary>
    public abstract bool TryReserve(int bytes);

    /// <summary>Collects now, and gives back all memory that is empty then. Only at kernel entry.</summary>
    public abstract void Collect();

    /// <summary>Bytes of memory that the heap holds.</summary>
    public abstract long BytesHeld { get; }

    /// <summary>Of these, bytes of blocks that nothing is in.</summary>
    public abstract long BytesEmpty { get; }

    /// <summary>Size classes of objects, the last one being that of objects larger than all others.</summary>
    public abstract int ClassCount { get; }

    /// <summary>Counts what the heap holds in each of the <see cref="ClassCount"/> size classes. Slow; garbage not yet found counts as in use.</summary>
    public abstract void Measure(Span<HeapClassUse> classes);

    /// <summary>Collections so far.</summary>
    public abstract long CollectionCount { get; }
}

/// <summary>Random bits from the processor (RDSEED or RDRAND), tested for stuck output. A seed, not a generator.</summary>
public abstract class EntropySource
{
    /// <summary>Fills the span. False where the source failed, which must not be ignored.</summary>
    public abstract bool TryFill(Span<byte> destination);
}

/// <summary>
/// The South as the North sees it: one instance a boot. There are several Souths (plain VM, SNP guest, the tests' fake); North never asks which.
/// </summary>
public abstract class Machine
{
    /// <summary>What this machine is, for the log and for people: "plain VM", "SEV-SNP guest".</summary>
    public abstract string Description { get; }

    public abstract FrameAllocator Frames { get; }

    public abstract UserMemory UserMemory { get; }

    public abstract Scheduler Scheduler { get; }

    public abstract Clock Clock { get; }

    public abstract SerialConsole Console { get; }

    public abstract EntropySource Entropy { get; }

    public abstract KernelHeap Heap { get; }

    /// <summary>The way to reports of what this machine runs; null where there is nobody who signs any.</summary>
    public abstract AttestationDevice? Attestation { get; }

    /// <summary>Processors that run threads.</summary>
    public abstract int ProcessorCount { get; }

    /// <summary>CPUID as this machine believes it: checked, not what a host says now.</summary>
    public abstract CpuidResult Cpuid(uint leaf, uint subleaf);

    /// <summary>The kernel command line, as measured.</summary>
    public abstract ReadOnlySpan<byte> CommandLine { get; }

    /// <summary>The initial RAM disk (a newc cpio archive). Empty after <see cref="ReleaseInitrd"/>.</summary>
    public abstract ReadOnlySpan<byte> Initrd { get; }

    /// <summary>Gives the memory of the initial RAM disk to the frame allocator.</summary>
    public abstract void ReleaseInitrd();

    /// <summary>One line for the boot log and the console, with the time in front. Cold paths only. A release image has no such calls (T64).</summary>
    [Conditional("DEBUG_IMAGE")]
    public abstract void Log(ReadOnlySpan<char> line);

    /// <summary>Ends the machine. <paramref name="waitStatus"/> is the first process's status as wait(2) encodes it.</summary>
    [DoesNotReturn]
    public abstract void PowerOff(int waitStatus);

    /// <summary>Starts the machine anew (reboot(2)).</summary>
    [DoesNotReturn]
    public abstract void Restart();
}

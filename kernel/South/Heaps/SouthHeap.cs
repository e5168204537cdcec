using System;
using LiteBox.Platform;
using LiteBox.Runtime;

namespace LiteBox.South.Heaps;

/// <summary>The collected heap as North sees it: the runtime's, on memory that <see cref="HeapMemory"/> gives.</summary>
internal sealed class SouthHeap : KernelHeap
{
    /// <inheritdoc/>
    public override long BytesHeld => (long)HeapMemory.Size;

    /// <inheritdoc/>
    public override long BytesEmpty => (long)Heap.FreeBlockBytes;

    /// <inheritdoc/>
    public override int ClassCount => Heap.ClassCount;

    /// <inheritdoc/>
    public override long CollectionCount => (long)Heap.Collections;

    /// <inheritdoc/>
    public override bool TryReserve(int bytes)
    {
        HeapMemory.CollectIfDue();
        return Heap.TryReserve((nuint)bytes);
    }

    /// <inheritdoc/>
    public override void Measure(Span<HeapClassUse> classes)
    {
        Span<HeapClassStatistics> counts = stackalloc HeapClassStatistics[Heap.ClassCount];
        Heap.Measure(counts);
        for (int i = 0; i < counts.Length; i++)
        {
            nuint cell = Heap.CellBytes(i);
            classes[i] = new HeapClassUse
            {
                CellBytes = (int)cell,
                CellsPerBlock = (int)(Heap.BlockBytes / cell),
                BlockBytes = (int)Heap.BlockBytes,
                CellsInUse = (long)(counts[i].BytesInUse / cell),
                Blocks = (long)counts[i].Blocks,
            };
        }
    }

    /// <inheritdoc/>
    public override void Collect() => HeapMemory.CollectAll();
}

using LiteBox.Platform;
using LiteBox.Runtime;

namespace LiteBox.South.Heaps;

/// <summary>The collected heap as North sees it: the runtime's, on memory that <see cref="HeapMemory"/> gives.</summary>
internal sealed class SouthHeap : KernelHeap
{
    /// <inheritdoc/>
    public override long BytesInUse => (long)Heap.Measure().BytesInUse;

    /// <inheritdoc/>
    public override long BytesHeld => (long)HeapMemory.Size;

    /// <inheritdoc/>
    public override long CollectionCount => (long)Heap.Collections;

    /// <inheritdoc/>
    public override bool TryReserve(int bytes)
    {
        HeapMemory.CollectIfDue();
        return Heap.TryReserve((nuint)bytes);
    }

    /// <inheritdoc/>
    public override void Collect() => HeapMemory.CollectAll();
}

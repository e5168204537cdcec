using System.Collections.Generic;

namespace System;

/// <summary>Sorts in place, without memory and within n log n: insertion for the short, heap for the long. Not stable, as in .NET.</summary>
internal static class SpanSort
{
    private const int ShortEnoughToInsert = 16;

    internal static void Sort<T, TComparer>(Span<T> span, TComparer comparer)
        where TComparer : IComparer<T>
    {
        if (span.Length <= ShortEnoughToInsert)
        {
            InsertionSort(span, comparer);
            return;
        }

        for (int i = (span.Length / 2) - 1; i >= 0; i--)
        {
            SiftDown(span, i, comparer);
        }

        for (int end = span.Length - 1; end > 0; end--)
        {
            (span[0], span[end]) = (span[end], span[0]);
            SiftDown(span[..end], 0, comparer);
        }
    }

    private static void InsertionSort<T, TComparer>(Span<T> span, TComparer comparer)
        where TComparer : IComparer<T>
    {
        for (int i = 1; i < span.Length; i++)
        {
            T value = span[i];
            int hole = i;
            for (; hole > 0 && comparer.Compare(value, span[hole - 1]) < 0; hole--)
            {
                span[hole] = span[hole - 1];
            }

            span[hole] = value;
        }
    }

    private static void SiftDown<T, TComparer>(Span<T> heap, int root, TComparer comparer)
        where TComparer : IComparer<T>
    {
        T value = heap[root];
        while (true)
        {
            int child = (2 * root) + 1;
            if (child >= heap.Length)
            {
                break;
            }

            if (child + 1 < heap.Length && comparer.Compare(heap[child], heap[child + 1]) < 0)
            {
                child++;
            }

            if (comparer.Compare(value, heap[child]) >= 0)
            {
                break;
            }

            heap[root] = heap[child];
            root = child;
        }

        heap[root] = value;
    }
}

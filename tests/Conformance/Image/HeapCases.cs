using LiteBox.Runtime;
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace LiteBox.Conformance;

/// <summary>What only this collector can be asked: each case says "ok" or what is wrong.</summary>
internal static class HeapCases
{
    internal static readonly (string Name, Func<string> Run)[] List =
    [
        ("frozen", FrozenObjectsAreRoots),
        ("interior", InteriorPointersKeepObjects),
        ("series", AllShapesAreFollowed),
        ("deep", DeepListsSurvive),
        ("wide", WideArraysOverflowTheMarkStack),
        ("fuzz", FuzzAgainstModel),
        ("garbage", GarbageIsReused),
        ("reserve", ReservationHolds),
        ("refuse", ReservationIsRefused),
        ("release", EmptyRegionsGoBack),
        ("withdraw", MemoryOfEmptyBlocksGoesBackAndComesAgain),
        ("lowest", NewObjectsTakeTheLowestRoom),
        ("due", CollectionsHappenWhenDue),
    ];

    private sealed class Box
    {
        internal object? Content;
    }

    // The compiler makes this object when it compiles the image.
    private static readonly Box Frozen = new();

    private static Box? s_root;

    private static string FrozenObjectsAreRoots()
    {
        Frozen.Content = MakeText(7);
        s_root = new Box { Content = MakeText(8) };
        Churn(2000);
        return (string)Frozen.Content == "text 7" && (string)s_root.Content! == "text 8" ? "ok" : "lost";
    }

    private static string InteriorPointersKeepObjects()
    {
        Span<int> tail = MakeNumbers(5000).AsSpan(4000);
        ref int one = ref MakeNumbers(10)[7];
        Churn(2000);
        for (int i = 0; i < tail.Length; i++)
        {
            if (tail[i] != 4000 + i)
            {
                return "the array was taken";
            }
        }

        return one == 7 ? "ok" : "the element was taken";
    }

    private struct Row
    {
        internal int Number;
        internal string? First;
        internal long Padding;
        internal object? Second;
        internal object? Third;
    }

    private class Base
    {
        internal string? InBase;
        internal int Between;
    }

    private sealed class Derived : Base
    {
        internal Row Embedded;
        internal string? Last;
        internal Nodes Inline;
    }

    [InlineArray(5)]
    private struct Nodes
    {
        private string? _first;
    }

    private static string AllShapesAreFollowed()
    {
        Row[] rows = new Row[333];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Row { Number = i, First = MakeText(i), Second = MakeText(i + 1), Third = new Box { Content = MakeText(i + 2) } };
        }

        Derived derived = new() { InBase = MakeText(1), Last = MakeText(2) };
        derived.Embedded = rows[5];
        for (int i = 0; i < 5; i++)
        {
            derived.Inline[i] = MakeText(10 + i);
        }

        object boxed = rows[6];
        (int, string, Row)[] tuples = [(1, MakeText(3), rows[7])];
        object?[,] grid = new object?[3, 3];
        grid[2, 1] = MakeText(21);
        Func<string> closure = Capture(MakeText(31));
        List<KeyValuePair<int, string>> list = [new(1, MakeText(41))];
        Churn(2000);
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].First != Text(i) || (string)rows[i].Second! != Text(i + 1) || (string)((Box)rows[i].Third!).Content! != Text(i + 2))
            {
                return "rows";
            }
        }

        for (int i = 0; i < 5; i++)
        {
            if (derived.Inline[i] != Text(10 + i))
            {
                return "inline array";
            }
        }

        return derived.InBase != Text(1) || derived.Last != Text(2) || derived.Embedded.First != Text(5) ? "fields"
            : ((Row)boxed).First != Text(6) ? "box"
            : tuples[0].Item2 != Text(3) || tuples[0].Item3.First != Text(7) ? "tuples"
            : (string)grid[2, 1]! != Text(21) ? "grid"
            : closure() != Text(31) ? "closure"
            : list[0].Value != Text(41) ? "list"
            : "ok";
    }

    private static Func<string> Capture(string text) => () => text;

    private static string DeepListsSurvive()
    {
        Box? list = null;
        for (int i = 0; i < 200_000; i++)
        {
            list = new Box { Content = list };
        }

        Heap.Collect();
        Heap.Verify();
        int count = 0;
        for (Box? node = list; node != null; node = (Box?)node.Content)
        {
            count++;
        }

        return count == 200_000 ? "ok" : $"{count} left";
    }

    private static string WideArraysOverflowTheMarkStack()
    {
        Box[][] wide = new Box[20][];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = new Box[10_000];
            for (int j = 0; j < wide[i].Length; j++)
            {
                wide[i][j] = new Box { Content = new Box() };
            }
        }

        nuint before = CountAfterCollection();
        foreach (Box[] row in wide)
        {
            foreach (Box box in row)
            {
                if (box.Content is not Box { Content: null })
                {
                    return "lost";
                }
            }
        }

        return before > 400_000 ? "ok" : "miscounted";
    }

    private sealed class Node
    {
        internal readonly int Id;
        internal readonly Node?[] Links;
        internal readonly byte[] Payload;
        internal int Visit;

        internal Node(int id, int links, int payload)
        {
            Id = id;
            Links = new Node?[links];
            Payload = new byte[payload];
            Payload.AsSpan().Fill((byte)id);
        }
    }

    // A graph that grows, changes and shrinks by a fixed rule; what is reachable must stay whole, and what is not must go.
    private static string FuzzAgainstModel()
    {
        Node?[] roots = new Node?[100];
        uint seed = 2026;
        int visit = 0;
        nuint baseline = CountAfterCollection();
        for (int step = 0; step < 40_000; step++)
        {
            seed = (seed * 1664525) + 1013904223;
            int root = (int)(seed >> 8) % roots.Length;
            switch (seed >> 29)
            {
                case 0 or 1 or 2:
                    int size = (seed >> 28) == 0 ? (int)(seed >> 10) % 20_000 : (int)(seed >> 10) % 200;
                    Node fresh = new(step, (int)(seed >> 4) % 5 + 1, size);
                    fresh.Links[0] = roots[root];
                    roots[root] = fresh;
                    break;
                case 3 or 4:
                    Node? from = roots[root];
                    Node? to = roots[(root + 37) % roots.Length];
                    if (from != null)
                    {
                        from.Links[^1] = to;
                    }

                    break;
                case 5:
                    roots[root] = roots[root]?.Links[0];
                    break;
                case 6:
                    roots[root] = null;
                    break;
                default:
                    if (step % 50 == 0)
                    {
                        Heap.Collect();
                    }

                    break;
            }

            if (step % 2000 == 1999)
            {
                int reachable = 0;
                visit++;
                foreach (Node? node in roots)
                {
                    if (!CountReachable(node, visit, ref reachable))
                    {
                        return $"a node is broken at step {step}";
                    }
                }

                Heap.Verify();
                nint objects = (nint)CountAfterCollection() - (nint)baseline;

                // A node has three objects. Words on the stack may keep some garbage; that nothing was lost is what the payloads say.
                if (objects > (3 * reachable) + 3000)
                {
                    return $"{objects} objects for {reachable} nodes at step {step}";
                }
            }
        }

        return "ok";
    }

    private static bool CountReachable(Node? start, int visit, ref int count)
    {
        Stack<Node> open = new();
        if (start != null)
        {
            open.Push(start);
        }

        while (open.TryPop(out Node? node))
        {
            if (node.Visit == visit)
            {
                continue;
            }

            node.Visit = visit;
            count++;
            if (node.Payload.AsSpan().ContainsAnyExcept((byte)node.Id))
            {
                return false;
            }

            foreach (Node? link in node.Links)
            {
                if (link != null)
                {
                    open.Push(link);
                }
            }
        }

        return true;
    }

    private static string GarbageIsReused()
    {
        Heap.Collect();
        nuint before = MemoryPool.Outstanding;
        for (int round = 0; round < 50; round++)
        {
            for (int i = 0; i < 2000; i++)
            {
                s_root = new Box { Content = new byte[i % 700] };
            }

            Heap.Collect();
        }

        return MemoryPool.Outstanding <= before + (2 << 20) ? "ok" : "the heap grew";
    }

    private static string ReservationHolds()
    {
        uint seed = 7;
        for (int round = 0; round < 200; round++)
        {
            seed = (seed * 1664525) + 1013904223;
            int bytes = (int)(seed >> 8) % 100_000;
            if (!Heap.TryReserve((nuint)bytes))
            {
                return "refused";
            }

            // From here on no memory is to be had but what was reserved.
            nuint limit = MemoryPool.Limit;
            MemoryPool.Limit = 0;
            List<object>? kept = null;
            while (bytes > 64)
            {
                seed = (seed * 1664525) + 1013904223;
                int size = Math.Min(bytes, (int)(seed >> 10) % (round % 2 == 0 ? 300 : 9000) + 64);
                s_root = new Box { Content = new byte[size - 32 - 24] };
                bytes -= size;
                _ = kept;
            }

            MemoryPool.Limit = limit;
        }

        return "ok";
    }

    private static string ReservationIsRefused()
    {
        nuint limit = MemoryPool.Limit;
        MemoryPool.Limit = MemoryPool.Outstanding;
        bool refused = !Heap.TryReserve(200 << 20);
        MemoryPool.Limit = limit;
        return refused && Heap.TryReserve(1000) ? "ok" : "granted";
    }

    private static string EmptyRegionsGoBack()
    {
        int released = MemoryPool.Released;
        Allocate20Megabytes();
        nuint before = MemoryPool.Outstanding;
        ClearStack();
        Heap.Collect();
        return MemoryPool.Released > released && MemoryPool.Outstanding + (10 << 20) < before ? "ok" : "kept";
    }

    private static string MemoryOfEmptyBlocksGoesBackAndComesAgain()
    {
        object[] kept = KeepOneOfMany();
        ClearStack();
        Heap.CollectAndGiveBack();
        nuint least = MemoryPool.Outstanding;
        if (Heap.Measure().FreeBlockBytes != 0 || Heap.Measure().RegionBytes != least)
        {
            return "a block was kept";
        }

        nuint limit = MemoryPool.Limit;
        MemoryPool.Limit = least;
        bool refused = !Heap.TryReserve(1000);
        MemoryPool.Limit = limit;
        if (!refused || !Heap.TryReserve(1 << 20))
        {
            return refused ? "no memory came again" : "a reservation without memory was granted";
        }

        Churn(5000);
        Heap.Verify();
        ClearStack();
        Heap.CollectAndGiveBack();
        if (MemoryPool.Outstanding > least + (4 * Heap.BlockBytes))
        {
            return "what came again stayed";
        }

        for (int i = 0; i < kept.Length; i++)
        {
            if (((byte[])kept[i])[i] != i)
            {
                return "lost";
            }
        }

        return "ok";
    }

    /// <summary>Fills 4 MiB, and leaves a few objects alive that lie far from each other.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static object[] KeepOneOfMany()
    {
        object[] kept = new object[20];
        for (int i = 0; i < kept.Length * 100; i++)
        {
            byte[] bytes = new byte[2000];
            if (i % 100 == 0)
            {
                bytes[i / 100] = (byte)(i / 100);
                kept[i / 100] = bytes;
            }
        }

        return kept;
    }

    private static string NewObjectsTakeTheLowestRoom()
    {
        object[] kept = KeepOneOfMany();
        ClearStack();
        Heap.Collect();
        nuint previous = 0;
        for (int i = 0; i < 2 * kept.Length; i++) // each of them left room for three beside it
        {
            object fresh = new byte[2000];
            nuint address = Unsafe.As<object, nuint>(ref fresh);
            if (address <= previous)
            {
                return $"object {i} lies lower than the one before";
            }

            previous = address;
        }

        return kept[7] is byte[] bytes && bytes[7] == 7 ? "ok" : "lost";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Allocate20Megabytes()
    {
        object[] large = new object[20];
        for (int i = 0; i < large.Length; i++)
        {
            large[i] = new byte[1 << 20];
        }

        s_root = new Box { Content = large.Length };
    }

    private static string CollectionsHappenWhenDue()
    {
        Heap.Collect();
        ulong before = Heap.Collections;
        for (int i = 0; i < 100_000; i++)
        {
            s_root = new Box { Content = s_root?.Content };
            Heap.CollectIfDue();
        }

        ulong collections = Heap.Collections - before;
        return collections is > 0 and < 50 ? "ok" : $"{collections} collections";
    }

    private static nuint CountAfterCollection()
    {
        ClearStack();
        Heap.Collect();
        return Heap.Measure().Objects;
    }

    // Old words below the stack pointer would otherwise be taken for references again.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ClearStack()
    {
        Span<byte> area = stackalloc byte[64 << 10];
        area.Clear();
        Machine.Use(area);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int[] MakeNumbers(int count)
    {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = i;
        }

        return numbers;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string MakeText(int number) => Text(number);

    private static string Text(int number) => "text " + number.ToString();

    /// <summary>Makes garbage of all sizes and collects, so that whatever was wrongly freed is overwritten.</summary>
    private static void Churn(int count)
    {
        Heap.Collect();
        for (int i = 0; i < count; i++)
        {
            byte[] garbage = new byte[i % 1500];
            garbage.AsSpan().Fill(0xEE);
        }

        Heap.Collect();
        Heap.Verify();
    }
}

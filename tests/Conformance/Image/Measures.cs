using LiteBox.Runtime;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace LiteBox.Conformance;

/// <summary>What the runtime costs, in instructions: QEMU's icount makes the time stamp counter count them.</summary>
internal static class Measures
{
    private const int Rounds = 10_000;

    private sealed class ThirtyTwoBytes
    {
        internal long First;
        internal long Second;
    }

    private interface IAdder
    {
        int Add(int x);
    }

    private sealed class One : IAdder
    {
        public int Add(int x) => x + 1;
    }

    private sealed class Two : IAdder
    {
        public int Add(int x) => x + 2;
    }

    private static object? s_sink;

    internal static void Print()
    {
        Heap.Collect();
        ulong empty = Loop();
        Line("empty loop, a round", empty);
        Line("new object of 32 bytes", Subtract(NewObjects(), empty));
        Line("new byte[40]", Subtract(NewArrays(), empty));
        IAdder[] adders = [new One(), new Two()];
        Line("interface call, one type", Subtract(Calls(adders[0], adders[0]), empty));
        Line("interface call, two types", Subtract(Calls(adders[0], adders[1]), empty));
        Line("cast to a sealed class", Subtract(Casts(adders), empty));
        Line("cast to an interface", Subtract(InterfaceCasts(adders), empty));
        byte[] from = new byte[4096];
        byte[] to = new byte[4096];
        ulong start = TimeStamp();
        from.CopyTo(to, 0);
        Line("copy of 4096 bytes", TimeStamp() - start);
        start = TimeStamp();
        System.Array.Clear(to);
        Line("clearing of 4096 bytes", TimeStamp() - start);
        Heap.Collect();
        Line("collection, little alive", LastCollection());
        object[] live = new object[10 << 5];
        for (int i = 0; i < live.Length; i++)
        {
            object[] kilo = new object[1 << 10];
            for (int j = 0; j < kilo.Length; j++)
            {
                kilo[j] = new ThirtyTwoBytes();
            }

            live[i] = kilo;
        }

        s_sink = live;
        Heap.Collect();
        HeapStatistics heap = Heap.Measure();
        Line("bytes alive", heap.BytesInUse);
        Line("objects alive", heap.Objects);
        Line("collection with these alive", LastCollection());
        s_sink = null;
        Heap.Collect();
        Line("collection that frees them", LastCollection());
    }

    private static ulong Loop()
    {
        ulong start = TimeStamp();
        for (int i = 0; i < Rounds; i++)
        {
            Nothing();
        }

        return (TimeStamp() - start) / Rounds;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Nothing()
    {
    }

    private static ulong NewObjects()
    {
        ulong start = TimeStamp();
        for (int i = 0; i < Rounds; i++)
        {
            s_sink = new ThirtyTwoBytes();
        }

        return (TimeStamp() - start) / Rounds;
    }

    private static ulong NewArrays()
    {
        ulong start = TimeStamp();
        for (int i = 0; i < Rounds; i++)
        {
            s_sink = new byte[40];
        }

        return (TimeStamp() - start) / Rounds;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Calls(IAdder first, IAdder second)
    {
        int sum = first.Add(1) + second.Add(1);
        ulong start = TimeStamp();
        for (int i = 0; i < Rounds; i += 2)
        {
            sum = Call(first, sum);
            sum = Call(second, sum);
        }

        ulong ticks = TimeStamp() - start;
        s_sink = sum;
        return ticks / Rounds;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Call(IAdder adder, int x) => adder.Add(x);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Casts(object[] objects)
    {
        int hits = 0;
        ulong start = TimeStamp();
        for (int i = 0; i < Rounds; i++)
        {
            hits += objects[i & 1] is One ? 1 : 0;
        }

        ulong ticks = TimeStamp() - start;
        s_sink = hits;
        return ticks / Rounds;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong InterfaceCasts(object[] objects)
    {
        int hits = 0;
        ulong start = TimeStamp();
        for (int i = 0; i < Rounds; i++)
        {
            hits += objects[i & 1] is IAdder ? 1 : 0;
        }

        ulong ticks = TimeStamp() - start;
        s_sink = hits;
        return ticks / Rounds;
    }

    private static ulong LastCollection()
    {
        ulong before = Heap.CollectionTicks;
        Heap.Collect();
        return Heap.CollectionTicks - before;
    }

    private static ulong Subtract(ulong whole, ulong part) => whole > part ? whole - part : 0;

    private static void Line(string what, ulong instructions) => Machine.Write($"{what}: {instructions}\n");

    [RuntimeImport("LiteBoxTimeStamp"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong TimeStamp();
}

using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading;

namespace LiteBox.Conformance;

internal static class MiscellaneousCases
{
    private static int s_int = 5;
    private static long s_long = 5;
    private static object? s_object = "a";

    public static void InterlockedAndVolatile(Report report)
    {
        report.Value("increment", Interlocked.Increment(ref s_int));
        report.Value("add", Interlocked.Add(ref s_int, 10));
        report.Value("exchange", Interlocked.Exchange(ref s_int, 3));
        report.Value("compare", Interlocked.CompareExchange(ref s_int, 7, 3));
        report.Value("failed", Interlocked.CompareExchange(ref s_int, 9, 3));
        report.Value("value", Volatile.Read(ref s_int));
        report.Value("long", Interlocked.Increment(ref s_long) + Interlocked.Add(ref s_long, -20) + Interlocked.Decrement(ref s_long));
        report.Value("or", Interlocked.Or(ref s_int, 8));
        report.Value("and", Interlocked.And(ref s_int, 12));
        report.Value("after", s_int);
        report.Value("object", (string?)Interlocked.Exchange(ref s_object, "b"));
        report.Value("object compare", (string?)Interlocked.CompareExchange(ref s_object, "c", s_object));
        report.Value("object after", (string?)s_object);
        Volatile.Write(ref s_long, 77);
        report.Value("written", Volatile.Read(ref s_long));
        Interlocked.MemoryBarrier();
        ulong wide = 1;
        Interlocked.Add(ref wide, ulong.MaxValue);
        report.Value("wide", wide);
    }

    public static void FixedTimeAndZeroing(Report report)
    {
        byte[] secret = [1, 2, 3, 4];
        report.Value("equal", CryptographicOperations.FixedTimeEquals(secret, [1, 2, 3, 4]));
        report.Value("first differs", CryptographicOperations.FixedTimeEquals(secret, [0, 2, 3, 4]));
        report.Value("last differs", CryptographicOperations.FixedTimeEquals(secret, [1, 2, 3, 132]));
        report.Value("shorter", CryptographicOperations.FixedTimeEquals(secret, [1, 2, 3]));
        report.Value("empty", CryptographicOperations.FixedTimeEquals([], []));
        CryptographicOperations.ZeroMemory(secret.AsSpan(1, 2));
        report.Line($"zeroed: {secret[0]} {secret[1]} {secret[2]} {secret[3]}");
    }

    public static void TimeSpans(Report report)
    {
        TimeSpan time = TimeSpan.FromSeconds(90061) + TimeSpan.FromMilliseconds(250);
        report.Value("days", time.Days);
        report.Value("hours", time.Hours);
        report.Value("minutes", time.Minutes);
        report.Value("seconds", time.Seconds);
        report.Value("milliseconds", time.Milliseconds);
        report.Value("ticks", time.Ticks);
        report.Value("difference", (time - TimeSpan.FromMinutes(1)).Ticks);
        report.Order("compare", time.CompareTo(TimeSpan.Zero));
        report.Value("less", TimeSpan.Zero < time && time == new TimeSpan(time.Ticks));
        report.Value("constructed", new TimeSpan(1, 2, 3).Ticks);
    }

    public static void Ranges(Report report)
    {
        Range range = 2..^1;
        (int offset, int length) = range.GetOffsetAndLength(10);
        report.Value("offset", offset);
        report.Value("length", length);
        Index index = ^3;
        report.Value("index", index.GetOffset(10));
        report.Value("from end", index.IsFromEnd);
        report.Value("all", Range.All.GetOffsetAndLength(4).Length);
        report.Value("equal", range.Equals(2..^1));
    }

    private sealed class Resource(List<string> log, string name) : IDisposable
    {
        public void Dispose() => log.Add("dispose " + name);
    }

    private static int Early(List<string> log, bool early)
    {
        try
        {
            log.Add("try");
            if (early)
            {
                return 1;
            }

            log.Add("late");
        }
        finally
        {
            log.Add("finally");
        }

        return 2;
    }

    public static void FinallyAndUsing(Report report)
    {
        List<string> log = [];
        report.Value("early", Early(log, true));
        report.Value("late", Early(log, false));
        using (new Resource(log, "outer"))
        {
            using Resource inner = new(log, "inner");
            log.Add("body");
        }

        for (int i = 0; i < 3; i++)
        {
            try
            {
                if (i == 1)
                {
                    continue;
                }

                log.Add("i" + i);
            }
            finally
            {
                log.Add("f" + i);
            }
        }

        report.Value("log", string.Join(' ', log));
    }

    private sealed class Countdown(int from) : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator() => new Enumerator(from);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private sealed class Enumerator(int from) : IEnumerator<int>
        {
            private int _current = from + 1;

            public int Current => _current;

            object IEnumerator.Current => Current;

            public bool MoveNext() => --_current > 0;

            public void Reset() => _current = from + 1;

            public void Dispose()
            {
            }
        }
    }

    public static void Enumeration(Report report)
    {
        int product = 1;
        foreach (int i in new Countdown(6))
        {
            product *= i;
        }

        report.Value("product", product);
        List<int> list = new(new Countdown(4));
        report.Values("list", list.ToArray());
        report.Value("joined", string.Join("-", (IEnumerable<string>)new List<string> { "a", "b" }));
        int[] spread = [.. list, 100, .. new Countdown(2)];
        report.Values("spread", spread);
    }

    [StructLayout(LayoutKind.Explicit)]
    private struct Overlay
    {
        [FieldOffset(0)]
        public uint Whole;

        [FieldOffset(0)]
        public ushort Low;

        [FieldOffset(2)]
        public ushort High;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Packed
    {
        public byte A;
        public uint B;
        public ushort C;
    }

    private readonly record struct Meters(int Value);

    private struct Nested
    {
        public (int X, string Name) Inner;
        public int[] Numbers;
        public Overlay Bits;
    }

    public static void Structs(Report report)
    {
        Overlay overlay = new() { Whole = 0x12345678 };
        overlay.High = 0xABCD;
        report.Value("overlay", overlay.Whole);
        report.Value("low", overlay.Low);
        report.Value("packed", SizeOfPacked());
        Nested nested = new() { Inner = (1, "n"), Numbers = [1, 2], Bits = overlay };
        Nested copy = nested;
        copy.Inner.X = 5;
        copy.Numbers[0] = 9;
        report.Value("copied", nested.Inner.X);
        report.Value("shared", nested.Numbers[0]);
        Nested[] array = [nested, copy];
        Change(ref array[1]);
        report.Value("by reference", array[1].Inner.Name);
        report.Value("record", new Meters(3) == new Meters(3) && new Meters(3) != new Meters(4));
        Meters changed = new Meters(3) with { Value = 8 };
        report.Value("with", changed.Value);
        report.Value("sum", Sum(in nested));
    }

    // SAFETY: sizeof reads no memory.
    private static unsafe int SizeOfPacked() => sizeof(Packed);

    private static void Change(ref Nested nested) => nested.Inner.Name = "changed";

    private static int Sum(in Nested nested) => nested.Inner.X + nested.Numbers[0] + nested.Numbers[1];
}

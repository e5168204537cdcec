using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace LiteBox.Conformance;

internal static class SpanCases
{
    public static void Spans(Report report)
    {
        Span<int> numbers = stackalloc int[10];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = i * i;
        }

        report.Values("all", numbers);
        report.Values("slice", numbers[2..5]);
        report.Values("start", numbers.Slice(8));
        report.Value("last", numbers[^1]);
        numbers[3..7].Fill(-1);
        report.Values("filled", numbers);
        numbers[..2].Clear();
        numbers[5..].CopyTo(numbers);
        report.Values("moved down", numbers);
        numbers[..5].CopyTo(numbers[3..]);
        report.Values("moved up", numbers);
        numbers.Reverse();
        report.Values("reversed", numbers);
        report.Value("does not fit", numbers.TryCopyTo(numbers[1..]));
        report.Value("empty", Span<int>.Empty.IsEmpty && default(ReadOnlySpan<char>).Length == 0);
        report.Value("array", numbers[2..4].ToArray().Length);
        int sum = 0;
        foreach (ref int number in numbers)
        {
            number++;
            sum += number;
        }

        report.Value("sum", sum);
        Span<byte> bytes = MemoryMarshal.AsBytes(numbers);
        report.Value("bytes", bytes.Length);
        report.Value("first", bytes[0]);
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<int, uint>(numbers);
        report.Value("word", words[0]);
        ReadOnlySpan<byte> constant = [9, 8, 7];
        report.Value("constant", constant[1]);
        ReadOnlySpan<ushort> wide = [1000, 2000, 3000];
        report.Value("wide", wide[2]);
        report.Value("text", "abcdef".AsSpan(1, 3).ToString());
        for (int length = 0; length < 300; length += 7)
        {
            Copies(report, length);
        }
    }

    // Every length class of the block moves, at odd addresses, with and without overlap.
    private static void Copies(Report report, int length)
    {
        byte[] area = new byte[1024];
        for (int i = 0; i < area.Length; i++)
        {
            area[i] = (byte)(i * 31);
        }

        area.AsSpan(3, length).CopyTo(area.AsSpan(400));
        area.AsSpan(400, length).CopyTo(area.AsSpan(401));
        area.AsSpan(401, length).CopyTo(area.AsSpan(393));
        area.AsSpan(700, length).Fill((byte)length);
        area.AsSpan(20, length / 2).Clear();
        uint hash = 17;
        foreach (byte b in area)
        {
            hash = (hash * 31) + b;
        }

        report.Value("hash", hash);
        byte[] copy = (byte[])area.Clone();
        report.Value("equal", copy.AsSpan().SequenceEqual(area));
        copy[length] ^= 1;
        report.Value("equal", copy.AsSpan().SequenceEqual(area));
        report.Order("order", copy.AsSpan().SequenceCompareTo(area));
    }

    public static void Search(Report report)
    {
        byte[] bytes = [1, 2, 3, 4, 5, 3, 2, 1];
        report.Value("index", bytes.AsSpan().IndexOf((byte)3));
        report.Value("last", bytes.AsSpan().LastIndexOf((byte)3));
        report.Value("sequence", bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[4, 5]));
        report.Value("any", bytes.AsSpan().IndexOfAny((byte)9, (byte)4));
        report.Value("contains", bytes.AsSpan().Contains((byte)5));
        report.Value("starts", bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[1, 2]));
        report.Value("ends", bytes.AsSpan().EndsWith((ReadOnlySpan<byte>)[1, 2]));
        report.Value("trimmed", bytes.AsSpan().TrimEnd((byte)1).Length);
        report.Value("except", new byte[] { 0, 0, 1 }.AsSpan().IndexOfAnyExcept((byte)0));
        string[] words = ["x", "y", "z"];
        report.Value("word", words.AsSpan().IndexOf("y"));
        report.Value("words", words.AsSpan().SequenceEqual(["x", "y", "z"]));
        report.Value("trim", "--a--".AsSpan().Trim('-').ToString());
        report.Value("white", "  a b ".AsSpan().Trim().ToString());
        report.Value("count", "banana".AsSpan().Count('a'));
        report.Value("any of", "kernel".AsSpan().IndexOfAny("xyzn"));
        report.Value("overlaps", ((ReadOnlySpan<byte>)bytes.AsSpan(0, 4)).Overlaps(bytes.AsSpan(3)));
        report.Value("common", "abcdef".AsSpan().CommonPrefixLength("abcxyz"));
        report.Value("search", new ReadOnlySpan<int>([1, 3, 5, 7, 9]).BinarySearch(7));
        report.Value("not found", new ReadOnlySpan<int>([1, 3, 5, 7, 9]).BinarySearch(4));
    }

    public static void Sorting(Report report)
    {
        uint seed = 12345;
        for (int length = 0; length < 200; length += 13)
        {
            int[] numbers = new int[length];
            for (int i = 0; i < length; i++)
            {
                seed = (seed * 1664525) + 1013904223;
                numbers[i] = (int)(seed >> 20) - 2000;
            }

            int[] copy = (int[])numbers.Clone();
            Array.Sort(numbers);
            report.Values("sorted", numbers);
            copy.AsSpan().Sort((a, b) => b.CompareTo(a));
            report.Values("descending", copy);
        }

        string[] words = ["pear", "apple", "fig", "banana", "cherry"];
        Array.Sort(words, StringComparer.Ordinal);
        report.Value("words", string.Join(' ', words));
        Array.Sort(words, (a, b) => a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(a, b));
        report.Value("by length", string.Join(' ', words));
        List<(int Key, string Name)> pairs = [(3, "c"), (1, "a"), (2, "b")];
        pairs.Sort((a, b) => a.Key.CompareTo(b.Key));
        report.Value("pairs", pairs[0].Name + pairs[1].Name + pairs[2].Name);
    }

    public static void Memories(Report report)
    {
        int[] numbers = [1, 2, 3, 4, 5];
        Memory<int> memory = numbers.AsMemory(1, 3);
        memory.Span[0] = 20;
        report.Values("array", numbers);
        report.Value("length", memory.Length);
        ReadOnlyMemory<int> rest = memory[1..];
        report.Values("rest", rest.Span);
        report.Value("text", "kernel".AsMemory()[2..4].ToString());
        report.Value("equal", memory.Equals(numbers.AsMemory(1, 3)));
        report.Value("copy", rest.ToArray().Length);
        ArraySegment<int> segment = new(numbers, 3, 2);
        report.Value("segment", segment[1] + segment.Count);
    }
}

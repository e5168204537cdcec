using System;
using System.Collections.Generic;

namespace LiteBox.Conformance;

internal static class ArrayCases
{
    public static void Arrays(Report report)
    {
        int[] numbers = [5, 3, 9, 1, 7];
        report.Value("length", numbers.Length);
        report.Value("index", Array.IndexOf(numbers, 9));
        report.Value("missing", Array.IndexOf(numbers, 4));
        Array.Sort(numbers);
        report.Values("sorted", numbers);
        report.Value("found", Array.BinarySearch(numbers, 7));
        report.Value("not found", Array.BinarySearch(numbers, 6));
        Array.Reverse(numbers);
        report.Values("reversed", numbers);
        Array.Resize(ref numbers, 7);
        report.Values("larger", numbers);
        Array.Resize(ref numbers, 3);
        report.Values("smaller", numbers);
        Array.Fill(numbers, 8);
        report.Values("filled", numbers);
        Array.Clear(numbers, 1, 1);
        report.Values("cleared", numbers);
        int[] copy = new int[5];
        Array.Copy(numbers, 0, copy, 2, 3);
        report.Values("copied", copy);
        Array.Copy(copy, 2, copy, 1, 3);
        report.Values("overlapping", copy);
        report.Value("empty", Array.Empty<string>().Length);
        report.Value("same empty", ReferenceEquals(Array.Empty<int>(), Array.Empty<int>()));
        report.Value("find", Array.Find(copy, x => x > 0));
        report.Value("find index", Array.FindIndex(copy, x => x == 0));
        report.Value("exists", Array.Exists(copy, x => x == 8));
        report.Value("converted", string.Join(',', Array.ConvertAll(copy, x => x.ToString())));
        report.Values("range", copy[1..3]);
        string[] words = new string[3];
        report.Value("null", words[1] is null);
        (int, string)[] pairs = [(1, "x"), (2, "y")];
        pairs[1].Item2 = "z";
        report.Value("struct element", pairs[1].Item1.ToString() + pairs[1].Item2);
        long[] wide = [long.MaxValue, 0, long.MinValue];
        Array.Sort(wide);
        report.Value("wide", wide[0]);
        int[][] jagged = [[1], [2, 3], []];
        report.Value("jagged", jagged[1][1] + jagged[2].Length);
        object clone = copy.Clone();
        report.Values("clone", (int[])clone);
        ref int element = ref copy[2];
        element = 99;
        report.Value("by reference", copy[2]);
    }

    public static void Interfaces(Report report)
    {
        IList<int> list = new int[] { 4, 5, 6 };
        report.Value("count", list.Count);
        report.Value("item", list[1]);
        list[1] = 50;
        report.Value("contains", list.Contains(50));
        report.Value("index", list.IndexOf(6));
        int sum = 0;
        foreach (int number in (IEnumerable<int>)list)
        {
            sum += number;
        }

        report.Value("sum", sum);
        IReadOnlyList<string> words = new[] { "a", "b" };
        report.Value("words", words[0] + words[1] + words.Count);
        IEnumerable<object> objects = new[] { "x", "y" };
        foreach (object o in objects)
        {
            report.Value("object", o.ToString());
        }

        report.Value("is list", list is IReadOnlyCollection<int>);
        int[] target = new int[4];
        list.CopyTo(target, 1);
        report.Values("copied", target);
    }

    public static void Covariance(Report report)
    {
        object[] objects = new string[] { "a", "b" };
        objects[0] = "c";
        report.Value("stored", (string)objects[0]);
        report.Value("is strings", objects is string[]);
        report.Value("is ints", (object)objects is int[]);
        object ints = new int[] { 1 };
        report.Value("as uints", ints is uint[]);
        report.Value("as shorts", ints is short[]);
        object[] mixed = ["text", 5, null!];
        string[] strings = new string[1];
        Array.Copy(mixed, strings, 1);
        report.Value("narrowed", strings[0]);
        IComparable[] comparables = new string[] { "q" };
        report.Order("through interface", comparables[0].CompareTo("p"));
        report.Value("exact", mixed.GetType() == typeof(object[]));
        report.Value("not exact", objects.GetType() == typeof(object[]));
    }

    public static void Multidimensional(Report report)
    {
        int[,] grid = new int[3, 4];
        for (int y = 0; y < 3; y++)
        {
            for (int x = 0; x < 4; x++)
            {
                grid[y, x] = (y * 10) + x;
            }
        }

        report.Value("element", grid[2, 3]);
        report.Value("length", grid.Length);
        report.Value("rank", grid.Rank);
        report.Value("rows", grid.GetLength(0));
        report.Value("columns", grid.GetLength(1));
        string[,] words = new string[2, 2];
        words[1, 0] = "word";
        report.Value("word", words[1, 0]);
    }
}

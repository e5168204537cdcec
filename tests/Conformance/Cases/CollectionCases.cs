using System;
using System.Collections.Generic;

namespace LiteBox.Conformance;

internal static class CollectionCases
{
    public static void Lists(Report report)
    {
        List<int> list = [3, 1, 2];
        list.Add(9);
        list.AddRange([7, 8]);
        list.Insert(1, 100);
        report.Values("list", list.ToArray());
        report.Value("removed", list.Remove(100));
        report.Value("not there", list.Remove(100));
        list.RemoveAt(0);
        list.Sort();
        report.Values("sorted", list.ToArray());
        report.Value("search", list.BinarySearch(8));
        list.Reverse();
        report.Values("reversed", list.ToArray());
        report.Value("removed", list.RemoveAll(x => x % 2 == 0));
        report.Value("count", list.Count);
        report.Value("index", list.IndexOf(7));
        report.Value("contains", list.Contains(9));
        report.Value("find", list.Find(x => x > 7));
        report.Value("exists", list.Exists(x => x > 100));
        report.Values("range", list.GetRange(0, 2).ToArray());
        list.RemoveRange(0, 1);
        int sum = 0;
        foreach (int i in list)
        {
            sum += i;
        }

        report.Value("sum", sum);
        list.ForEach(i => sum += i);
        report.Value("sum", sum);
        list.Clear();
        report.Value("empty", list.Count);
        List<string> words = new(["a", "b"]);
        words.AddRange(words.ToArray());
        report.Value("words", string.Join("", words));
        for (int i = 0; i < 1000; i++)
        {
            list.Add(i * 7);
        }

        report.Value("thousand", list[999]);
        IReadOnlyList<int> view = list;
        report.Value("view", view[500] + view.Count);
        List<(int, string)> pairs = [];
        pairs.Add((1, "one"));
        report.Value("pair", pairs[0].Item2);
        report.Value("contains pair", pairs.Contains((1, "one")));
    }

    public static void Dictionaries(Report report)
    {
        Dictionary<string, int> ages = new() { ["ann"] = 30, ["bob"] = 40 };
        ages["cid"] = 50;
        ages["ann"]++;
        report.Value("ann", ages["ann"]);
        report.Value("found", ages.TryGetValue("bob", out int age));
        report.Value("age", age);
        report.Value("missing", ages.TryGetValue("dan", out age));
        report.Value("age", age);
        report.Value("added", ages.TryAdd("ann", 1));
        report.Value("contains", ages.ContainsKey("cid") && !ages.ContainsKey("x") && ages.ContainsValue(50));
        report.Value("removed", ages.Remove("bob", out age));
        report.Value("age", age);
        foreach (KeyValuePair<string, int> pair in ages)
        {
            report.Value(pair.Key, pair.Value);
        }

        foreach ((string key, int value) in ages)
        {
            report.Value(key, value);
        }

        report.Value("keys", string.Join(",", ages.Keys));
        int sum = 0;
        foreach (int value in ages.Values)
        {
            sum += value;
        }

        report.Value("sum", sum);
        Dictionary<string, string> folded = new(StringComparer.OrdinalIgnoreCase) { ["Key"] = "v" };
        report.Value("folded", folded["kEY"]);
        Dictionary<(int, int), long> points = [];
        for (int i = 0; i < 100; i++)
        {
            points[(i, i * i)] = i;
        }

        report.Value("point", points[(9, 81)]);
        Dictionary<DayOfWeekLike, string> days = new() { [DayOfWeekLike.Second] = "two" };
        report.Value("enum key", days[DayOfWeekLike.Second]);
        IReadOnlyDictionary<string, int> view = ages;
        report.Value("view", view["ann"] + view.Count);
        ages.Clear();
        report.Value("count", ages.Count);
    }

    private enum DayOfWeekLike : byte
    {
        First,
        Second,
    }

    public static void DictionaryAgainstModel(Report report)
    {
        Dictionary<int, int> dictionary = [];
        int[] model = new int[256];
        uint seed = 99;
        int count = 0;
        for (int step = 0; step < 20000; step++)
        {
            seed = (seed * 1664525) + 1013904223;
            int key = (int)(seed >> 24);
            switch ((seed >> 20) & 3)
            {
                case 0:
                case 1:
                    dictionary[key - 100] = step;
                    count += model[key] == 0 ? 1 : 0;
                    model[key] = step + 1;
                    break;
                case 2:
                    bool removed = dictionary.Remove(key - 100, out int value);
                    if (removed != (model[key] != 0) || (removed && value != model[key] - 1))
                    {
                        report.Value("wrong at", step);
                    }

                    count -= removed ? 1 : 0;
                    model[key] = 0;
                    break;
                default:
                    bool found = dictionary.TryGetValue(key - 100, out value);
                    if (found != (model[key] != 0) || (found && value != model[key] - 1))
                    {
                        report.Value("wrong at", step);
                    }

                    break;
            }

            if (dictionary.Count != count)
            {
                report.Value("miscounted at", step);
            }
        }

        report.Value("count", dictionary.Count);
        long sum = 0;
        foreach (KeyValuePair<int, int> pair in dictionary)
        {
            sum += pair.Key * (long)pair.Value;
        }

        report.Value("sum", sum);
    }

    public static void Sets(Report report)
    {
        HashSet<int> set = [1, 2, 3, 2, 1];
        report.Value("count", set.Count);
        report.Value("added", set.Add(4));
        report.Value("again", set.Add(4));
        report.Value("removed", set.Remove(1));
        set.UnionWith([10, 11]);
        set.ExceptWith([2]);
        int sum = 0;
        foreach (int i in set)
        {
            sum += i;
        }

        report.Value("sum", sum);
        HashSet<string?> words = ["a", null, "b"];
        report.Value("null", words.Contains(null));
        report.Value("words", words.Contains("b") && !words.Contains("c"));
    }

    public static void QueuesAndStacks(Report report)
    {
        Queue<int> queue = new();
        for (int round = 0; round < 50; round++)
        {
            queue.Enqueue(round);
            queue.Enqueue(-round);
            if (round % 3 == 0)
            {
                report.Value("dequeued", queue.Dequeue());
            }
        }

        report.Value("count", queue.Count);
        report.Value("peek", queue.Peek());
        report.Values("all", queue.ToArray());
        int sum = 0;
        foreach (int i in queue)
        {
            sum = (sum * 3) + i;
        }

        report.Value("in order", sum);
        Stack<string> stack = new();
        stack.Push("a");
        stack.Push("b");
        stack.Push("c");
        report.Value("pop", stack.Pop());
        report.Value("peek", stack.Peek());
        report.Value("rest", string.Join("", stack));
        report.Value("array", string.Join("", stack.ToArray()));
        report.Value("try", stack.TryPop(out _) && stack.TryPop(out _) && !stack.TryPop(out _));
    }

    public static void PriorityQueues(Report report)
    {
        PriorityQueue<string, int> queue = new();
        uint seed = 5;
        for (int i = 0; i < 100; i++)
        {
            seed = (seed * 1664525) + 1013904223;
            int priority = (int)(seed >> 8);
            queue.Enqueue(priority.ToString(), priority);
        }

        while (queue.TryDequeue(out string? element, out int priority))
        {
            report.Value(element, priority);
        }

        report.Value("count", queue.Count);
    }

    public static void SortedLists(Report report)
    {
        SortedList<string, int> list = new(StringComparer.Ordinal) { ["m"] = 1, ["a"] = 2, ["z"] = 3 };
        list.Add("c", 4);
        list["a"] = 20;
        list.Remove("m");
        foreach (KeyValuePair<string, int> pair in list)
        {
            report.Value(pair.Key, pair.Value);
        }

        report.Value("index", list.IndexOfKey("c"));
        report.Value("key", list.Keys[0]);
        report.Value("value", list.Values[2]);
        report.Value("missing", list.TryGetValue("q", out _));
    }

    public static void LinkedLists(Report report)
    {
        LinkedList<int> list = new();
        LinkedListNode<int> two = list.AddLast(2);
        list.AddFirst(1);
        list.AddLast(4);
        list.AddAfter(two, 3);
        list.AddBefore(two, 15);
        foreach (int i in list)
        {
            report.Value("item", i);
        }

        list.Remove(two);
        report.Value("removed", list.Remove(15) && !list.Remove(16));
        report.Value("first", list.First!.Value);
        report.Value("last", list.Last!.Previous!.Value);
        list.RemoveFirst();
        report.Value("count", list.Count);
    }

    private readonly struct Weight(int grams) : IEquatable<Weight>, IComparable<Weight>
    {
        public int Grams => grams;

        public bool Equals(Weight other) => Grams == other.Grams;

        public override bool Equals(object? obj) => obj is Weight other && Equals(other);

        public override int GetHashCode() => Grams;

        public int CompareTo(Weight other) => Grams.CompareTo(other.Grams);
    }

    private sealed class Name(string text) : IEquatable<Name>, IComparable<Name>
    {
        public string Text => text;

        public bool Equals(Name? other) => other != null && Text == other.Text;

        public override bool Equals(object? obj) => Equals(obj as Name);

        public override int GetHashCode() => Text.Length;

        public int CompareTo(Name? other) => string.CompareOrdinal(Text, other?.Text);
    }

    public static void Comparers(Report report)
    {
        report.Value("int", EqualityComparer<int>.Default.Equals(5, 5));
        report.Order("int", Comparer<int>.Default.Compare(5, 6));
        report.Value("string", EqualityComparer<string>.Default.Equals("a", null));
        report.Order("char", Comparer<char>.Default.Compare('b', 'a'));
        report.Value("struct", EqualityComparer<Weight>.Default.Equals(new Weight(1), new Weight(1)));
        report.Order("struct", Comparer<Weight>.Default.Compare(new Weight(1), new Weight(2)));
        report.Value("class", EqualityComparer<Name>.Default.Equals(new Name("n"), new Name("n")));
        report.Order("class", Comparer<Name>.Default.Compare(new Name("n"), new Name("m")));
        report.Value("nullable", EqualityComparer<int?>.Default.Equals(null, null) && !EqualityComparer<int?>.Default.Equals(null, 3));
        report.Order("nullable", Comparer<int?>.Default.Compare(null, 3));
        report.Value("enum", EqualityComparer<DayOfWeekLike>.Default.Equals(DayOfWeekLike.First, DayOfWeekLike.First));
        report.Order("enum", Comparer<DayOfWeekLike>.Default.Compare(DayOfWeekLike.First, DayOfWeekLike.Second));
        report.Value("reference", ReferenceEqualityComparer.Instance.Equals("a", "a"));
        Name[] names = [new("c"), new("a"), new("b")];
        Array.Sort(names);
        report.Value("names", names[0].Text + names[1].Text + names[2].Text);
        report.Value("set", new HashSet<Name> { new("x"), new("x"), new("y") }.Count);
        report.Value("index", Array.IndexOf(names, new Name("b")));
        report.Value("weights", new HashSet<Weight> { new(1), new(1), new(2) }.Count);
    }
}

using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace LiteBox.Conformance;

internal static class GenericCases
{
    private sealed class Pair<TFirst, TSecond>(TFirst first, TSecond second)
    {
        public TFirst First { get; set; } = first;

        public TSecond Second { get; set; } = second;

        public Pair<TSecond, TFirst> Swap() => new(Second, First);

        public T Fold<T>(Func<TFirst, TSecond, T> fold) => fold(First, Second);
    }

    private static T Largest<T>(ReadOnlySpan<T> values)
        where T : IComparable<T>
    {
        T best = values[0];
        foreach (T value in values)
        {
            if (value.CompareTo(best) > 0)
            {
                best = value;
            }
        }

        return best;
    }

    private static T Make<T>()
        where T : new() => new();

    private static T[] Repeat<T>(T value, int count)
    {
        T[] array = new T[count];
        Array.Fill(array, value);
        return array;
    }

    public static void Generics(Report report)
    {
        report.Value("int", Largest<int>([3, 9, 2]));
        report.Value("string", Largest<string>(["b", "c", "a"]));
        report.Value("long", Largest<long>([-5, -2, -9]));
        report.Value("tuple", new Pair<int, string>(1, "x").Swap().First);
        report.Value("fold", new Pair<int, int>(3, 4).Fold((a, b) => a * b));
        report.Value("fold text", new Pair<string, int>("n", 4).Fold((a, b) => a + b));
        report.Values("repeat", Repeat(7, 3));
        report.Value("repeat text", string.Join('|', Repeat("r", 3)));
        report.Value("default", default(int) + (default(string)?.Length ?? 1));
        report.Value("made", Make<int>());
        report.Value("type test", Kind<int>() + Kind<string>() + Kind<long>() + Kind<object>());
        report.Value("size", Unsafe.SizeOf<(int, long)>());
    }

    private static string Kind<T>() => typeof(T) == typeof(int) ? "int " : typeof(T) == typeof(string) ? "string " : typeof(T).IsValueType ? "value " : "reference ";

    private class Animal
    {
        public virtual string Sound => "...";
    }

    private sealed class Dog : Animal
    {
        public override string Sound => "woof";
    }

    private sealed class Cage<T>
        where T : Animal
    {
        private readonly List<T> _inmates = [];
        private readonly Dictionary<string, T> _byName = [];

        public void Add(string name, T animal)
        {
            _inmates.Add(animal);
            _byName[name] = animal;
        }

        public string Noise()
        {
            string noise = "";
            foreach (T animal in _inmates)
            {
                noise += animal.Sound;
            }

            return noise;
        }

        public T Find(string name) => _byName[name];

        public bool Holds<TOther>() => _inmates.Count > 0 && _inmates[0] is TOther;

        public T[] ToArray() => _inmates.ToArray();

        public Func<T> Finder(string name) => () => _byName[name];
    }

    public static void SharedGenerics(Report report)
    {
        Cage<Animal> animals = new();
        animals.Add("a", new Animal());
        animals.Add("d", new Dog());
        report.Value("noise", animals.Noise());
        report.Value("find", animals.Find("d").Sound);
        report.Value("holds", animals.Holds<Dog>());
        Cage<Dog> dogs = new();
        dogs.Add("rex", new Dog());
        report.Value("holds", dogs.Holds<Dog>() && dogs.Holds<Animal>() && !dogs.Holds<string>());
        report.Value("array", dogs.ToArray().GetType() == typeof(Dog[]));
        report.Value("closure", dogs.Finder("rex")().Sound);
        report.Value("nested", new Pair<Dog, Pair<string, int>>(new Dog(), new Pair<string, int>("x", 3)).Second.Swap().First);
        report.Value("method", Describe<Dog, string>(new Dog(), "s"));
        Func<string, string> function = Echo<string>;
        report.Value("delegate to generic", function("echo"));
        Func<object, string> describe = DescribeType<object>;
        report.Value("delegate to shared", describe("x"));
    }

    private static T Echo<T>(T value) => value;

    private static string DescribeType<T>(T value) => (object?)value is T ? Kind<T>() : "no";

    private static string Describe<TFirst, TSecond>(TFirst first, TSecond second)
    {
        List<TFirst> firsts = [first];
        Dictionary<string, TSecond> seconds = new() { ["k"] = second };
        return Kind<TFirst>() + Kind<TSecond>() + firsts.Count + seconds["k"] + (first is Animal ? "animal" : "");
    }

    private static class Holder<T>
    {
        public static int Count;
        public static T? Last;
        public static readonly List<T> All = [];

        public static void Put(T value)
        {
            Count++;
            Last = value;
            All.Add(value);
        }
    }

    public static void Statics(Report report)
    {
        Holder<int>.Put(1);
        Holder<int>.Put(2);
        Holder<string>.Put("a");
        Holder<object>.Put("b");
        Holder<Dog>.Put(new Dog());
        PutShared("c");
        report.Value("int", Holder<int>.Count + Holder<int>.Last);
        report.Value("string", Holder<string>.Count + Holder<string>.Last);
        report.Value("object", Holder<object>.Count + (string)Holder<object>.Last!);
        report.Value("dog", Holder<Dog>.All[0].Sound);
    }

    private static void PutShared<T>(T value) => Holder<T>.Put(value);

    private static readonly List<string> Log = [];

    private static class Lazy1
    {
        public static readonly int Value = Note("lazy1", 5);

        static Lazy1() => Log.Add("cctor1");
    }

    private static class Lazy2
    {
        public static int Value;
        public static string Text;

        static Lazy2()
        {
            Value = Lazy1.Value * 2;
            Text = "t" + Value;
            Log.Add("cctor2");
        }
    }

    private static int Note(string what, int value)
    {
        Log.Add(what);
        return value;
    }

    private static readonly int[] Table = [1, 2, 4, 8];
    private static readonly Dictionary<string, int> Map = new() { ["x"] = 1, ["y"] = 2 };
    private static readonly (int, string)[] Rows = [(1, "one"), (2, "two")];
    private static int s_counter = 40;

    public static void StaticConstructors(Report report)
    {
        report.Value("before", string.Join(',', Log));
        report.Value("text", Lazy2.Text);
        report.Value("after", string.Join(',', Log));
        Lazy2.Value++;
        report.Value("changed", Lazy2.Value);
        report.Value("table", Table[3] + Map["y"] + ++s_counter);
        report.Value("rows", Rows[1].Item2);
    }

    private interface IMonoid<TSelf>
        where TSelf : IMonoid<TSelf>
    {
        static abstract TSelf Zero { get; }

        static abstract TSelf Add(TSelf left, TSelf right);
    }

    private readonly struct Meters(int value) : IMonoid<Meters>
    {
        public int Value => value;

        public static Meters Zero => new(0);

        public static Meters Add(Meters left, Meters right) => new(left.Value + right.Value);
    }

    private static T Sum<T>(ReadOnlySpan<T> values)
        where T : IMonoid<T>
    {
        T sum = T.Zero;
        foreach (T value in values)
        {
            sum = T.Add(sum, value);
        }

        return sum;
    }

    public static void StaticAbstract(Report report) => report.Value("sum", Sum<Meters>([new(1), new(2), new(3)]).Value);

    [InlineArray(5)]
    private struct Five
    {
        private int _first;
    }

    [InlineArray(3)]
    private struct ThreeWords
    {
        private string? _first;
    }

    public static void InlineArrays(Report report)
    {
        Five five = default;
        for (int i = 0; i < 5; i++)
        {
            five[i] = i * 3;
        }

        Span<int> span = five;
        report.Values("five", span);
        ThreeWords words = default;
        words[1] = "middle";
        report.Value("word", words[1] + (words[0] is null));
        Pair<ThreeWords, Five> pair = new(words, five);
        report.Value("held", pair.First[1] + pair.Second[4]);
    }
}

using System;
using System.Collections.Generic;

namespace LiteBox.Conformance;

internal static class TypeCases
{
    private abstract class Shape
    {
        protected int Sides;

        public abstract int Area { get; }

        public virtual string Describe() => $"{Sides} sides, area {Area}";
    }

    private class Rectangle : Shape
    {
        private readonly int _width;
        private readonly int _height;

        public Rectangle(int width, int height)
        {
            (_width, _height) = (width, height);
            Sides = 4;
        }

        public override int Area => _width * _height;
    }

    private sealed class Square(int side) : Rectangle(side, side)
    {
        public override string Describe() => "square: " + base.Describe();

        public new string ToString() => "hidden";
    }

    private sealed class Nothing;

    public static void Classes(Report report)
    {
        Shape[] shapes = [new Rectangle(2, 3), new Square(4)];
        foreach (Shape shape in shapes)
        {
            report.Value("shape", shape.Describe());
        }

        report.Value("hidden", new Square(1).ToString());
        object first = new Nothing();
        object second = new Nothing();
        report.Value("equals itself", first.Equals(first));
        report.Value("equals other", first.Equals(second));
        report.Value("same hash", first.GetHashCode() == first.GetHashCode());
        report.Value("type", first.GetType() == second.GetType() && first.GetType() == typeof(Nothing) && first.GetType() != typeof(Shape));
        Type type = first.GetType();
        report.Value("type object", type == second.GetType() && type.Equals(typeof(Nothing)));
    }

    private interface ICounter
    {
        int Count { get; }

        void Add(int amount);
    }

    private interface INamed
    {
        string Name { get; }
    }

    private sealed class Counter : ICounter, INamed
    {
        public int Count { get; private set; }

        public string Name => "counter";

        public void Add(int amount) => Count += amount;
    }

    private struct StructCounter : ICounter
    {
        public int Count { get; private set; }

        public void Add(int amount) => Count += 2 * amount;
    }

    private class Explicit : ICounter
    {
        private int _count;

        int ICounter.Count => _count;

        void ICounter.Add(int amount) => _count -= amount;
    }

    private sealed class Reimplements : Explicit, ICounter
    {
        int ICounter.Count => 1000;
    }

    public static void Interfaces(Report report)
    {
        ICounter[] counters = [new Counter(), new StructCounter(), new Explicit(), new Reimplements()];
        for (int round = 0; round < 3; round++)
        {
            foreach (ICounter counter in counters)
            {
                counter.Add(round + 1);
                report.Value("count", counter.Count);
            }
        }

        report.Value("named", counters[0] is INamed named ? named.Name : "no");
        report.Value("not named", counters[1] is INamed);
        StructCounter direct = default;
        Use(ref direct, 5);
        report.Value("constrained", direct.Count);
    }

    private static void Use<T>(ref T counter, int amount)
        where T : ICounter => counter.Add(amount);

    private interface IBox<T>
    {
        T Value { get; set; }

        string Show(T other);
    }

    private sealed class Box<T>(T value) : IBox<T>
    {
        public T Value { get; set; } = value;

        public string Show(T other) => $"{Value}/{other}";
    }

    private sealed class Both : IBox<int>, IBox<string>
    {
        int IBox<int>.Value { get; set; } = 7;

        string IBox<string>.Value { get; set; } = "seven";

        string IBox<int>.Show(int other) => "int " + other;

        string IBox<string>.Show(string other) => "string " + other;
    }

    public static void GenericInterfaces(Report report)
    {
        IBox<int> number = new Box<int>(3);
        IBox<string> text = new Box<string>("t");
        IBox<long> wide = new Box<long>(1L << 40);
        IBox<(int, int)> pair = new Box<(int, int)>((1, 2));
        number.Value++;
        report.Value("int", number.Show(number.Value));
        report.Value("string", text.Show("u"));
        report.Value("long", wide.Show(wide.Value));
        report.Value("pair", pair.Value.Item2);
        object both = new Both();
        report.Value("both", ((IBox<int>)both).Show(1) + ((IBox<string>)both).Show("x") + ((IBox<int>)both).Value + ((IBox<string>)both).Value);
        report.Value("is", both is IBox<int> && both is not IBox<long>);
    }

    private interface INumbered
    {
        int Number(int x);
    }

    private sealed class N0 : INumbered
    {
        public int Number(int x) => x;
    }

    private sealed class N1 : INumbered
    {
        public int Number(int x) => x + 1;
    }

    private sealed class N2 : INumbered
    {
        public int Number(int x) => x * 2;
    }

    private class N3 : INumbered
    {
        public virtual int Number(int x) => x * 3;
    }

    private sealed class N4 : N3
    {
        public override int Number(int x) => x * 4;
    }

    private sealed class N<T> : INumbered
    {
        public int Number(int x) => x + typeof(T).GetHashCode() - typeof(T).GetHashCode() + 10;
    }

    public static void PolymorphicSites(Report report)
    {
        INumbered[] all =
        [
            new N0(), new N1(), new N2(), new N3(), new N4(), new N<int>(), new N<string>(), new N<object>(), new N<long>(), new N<byte>(),
            new N<short>(), new N<char>(), new N<N0>(), new N<N1>(), new N<N2>(), new N<N3>(), new N<N4>(), new N<uint>(), new N<ulong>(),
            new N<sbyte>(), new N<bool>(), new N<int[]>(), new N<string[]>(), new N<List<int>>(), new N<List<string>>(), new N<INumbered>(),
            new N<(int, int)>(), new N<(int, string)>(), new N<nint>(), new N<nuint>(), new N<Report>(), new N<Shape>(), new N<Square>(),
            new N<ICounter>(), new N<INamed>(), new N<Both>(),
        ];
        int sum = 0;
        for (int round = 0; round < 10; round++)
        {
            foreach (INumbered one in all)
            {
                sum = (sum * 7) + one.Number(round);
            }
        }

        report.Value("sum", sum);
        Func<int, int> bound = all[4].Number;
        report.Value("bound", bound(5));
        report.Value("floating", Combine(new WithDoubles(), 1.5, 2, 0.25));
    }

    private interface IDoubles
    {
        double Mix(double a, int b, double c);
    }

    private sealed class WithDoubles : IDoubles
    {
        public double Mix(double a, int b, double c) => (a * b) + c;
    }

    private static int Combine(IDoubles target, double a, int b, double c) => (int)(target.Mix(a, b, c) * 100);

    private interface IGreeter
    {
        string Name { get; }

        string Greet() => "hello " + Name;

        string Shout() => Greet() + "!";
    }

    private sealed class Plain : IGreeter
    {
        public string Name => "plain";
    }

    private sealed class Polite : IGreeter
    {
        public string Name => "polite";

        public string Greet() => "good day " + Name;
    }

    private struct Small : IGreeter
    {
        public string Name => "small";
    }

    public static void DefaultMethods(Report report)
    {
        foreach (IGreeter greeter in (IGreeter[])[new Plain(), new Polite(), default(Small)])
        {
            report.Value("greeting", greeter.Greet());
            report.Value("shout", greeter.Shout());
        }
    }

    private interface ISource<out T>
    {
        T Get();
    }

    private interface ISink<in T>
    {
        string Put(T value);
    }

    private sealed class StringSource : ISource<string>
    {
        public string Get() => "from source";
    }

    private sealed class ObjectSink : ISink<object>
    {
        public string Put(object value) => "put " + value;
    }

    public static void Variance(Report report)
    {
        ISource<object> source = new StringSource();
        report.Value("covariant", source.Get().ToString());
        ISink<string> sink = new ObjectSink();
        report.Value("contravariant", sink.Put("s"));
        IEnumerable<object> objects = new List<string> { "a", "b" };
        int count = 0;
        foreach (object o in objects)
        {
            count += o is string ? 1 : 0;
        }

        report.Value("enumerated", count);
        Func<string> make = () => "made";
        Func<object> asObject = make;
        report.Value("function", (string)asObject());
        Action<object> take = o => count += o.ToString()!.Length;
        Action<string> asString = take;
        asString("four");
        report.Value("taken", count);
        object boxed = new StringSource();
        report.Value("is", boxed is ISource<object> && boxed is not ISource<Report>);
        IComparer<string> comparer = Comparer<object>.Create((x, y) => -1);
        report.Order("comparer", comparer.Compare("a", "b"));
    }

    public static void Casts(Report report)
    {
        object[] objects = [1, "s", 'c', 2L, new int[1], new string[1], new Square(1), new Counter(), default(StructCounter), TestKind.Two, (1, 2), new List<int>()];
        foreach (object o in objects)
        {
            report.Value("int", o is int);
            report.Value("string", o is string);
            report.Value("shape", o is Shape);
            report.Value("rectangle", o as Rectangle is not null);
            report.Value("counter", o is ICounter);
            report.Value("value type", o is ValueType);
            report.Value("enum", o is Enum);
            report.Value("array", o is Array);
            report.Value("objects", o is object[]);
            report.Value("comparable", o is IComparable);
            report.Value("list", o is IList<int>);
            report.Value("enumerable", o is IEnumerable<int>);
            report.Value("tuple", o is (int, int));
        }

        report.Value("cast", ((Rectangle)objects[6]).Area);
        report.Value("through interface", ((ICounter)objects[7]).Count);
        report.Value("generic", As<string>("x") + (As<string>(5) ?? "null"));
        report.Value("struct generic", Is<int>(5) && !Is<long>(5) && Is<TestKind>(TestKind.One));
    }

    private static T? As<T>(object o)
        where T : class => o as T;

    private static bool Is<T>(object o) => o is T;

    public static void Boxing(Report report)
    {
        object number = 42;
        report.Value("unboxed", (int)number + 1);
        object kind = TestKind.Two;
        report.Value("enum", (int)(TestKind)kind);
        report.Value("equal", number.Equals(42) && !number.Equals(42L));
        object structure = new Point(1, 2);
        ((IMovable)structure).Move(10);
        report.Value("moved in box", ((Point)structure).X);
        Point copy = (Point)structure;
        copy.Move(5);
        report.Value("copy", copy.X);
        report.Value("box", ((Point)structure).X);
        report.Value("hash", new Point(3, 4).GetHashCode() == ((object)new Point(3, 4)).GetHashCode());
        report.Value("text", 7.ToString() + number + 'c' + true);
        ValueType value = 9L;
        report.Value("as value type", (long)value);
        IComparable comparable = 5;
        report.Order("boxed compare", comparable.CompareTo(6));
    }

    private interface IMovable
    {
        void Move(int distance);
    }

    private struct Point(int x, int y) : IMovable, IEquatable<Point>
    {
        public int X = x;
        public int Y = y;

        public void Move(int distance) => X += distance;

        public readonly bool Equals(Point other) => X == other.X && Y == other.Y;

        public override readonly bool Equals(object? obj) => obj is Point other && Equals(other);

        public override readonly int GetHashCode() => HashCode.Combine(X, Y);
    }

    public static void Nullables(Report report)
    {
        int? none = null;
        int? some = 5;
        report.Value("has", none.HasValue || !some.HasValue);
        report.Value("value", some.Value + some.GetValueOrDefault() + none.GetValueOrDefault(7));
        report.Value("sum", (some + none).HasValue);
        report.Value("lifted", (some + 1)!.Value);
        report.Value("equal", none == null && some == 5 && some != none);
        report.Value("compare", some > 4 && !(none < 4));
        object? boxed = some;
        report.Value("boxed", boxed is int);
        boxed = none;
        report.Value("boxed null", boxed is null);
        report.Value("unboxed", ((int?)(object)8)!.Value);
        report.Value("unboxed null", ((int?)(object?)null).HasValue);
        report.Value("coalesce", none ?? some ?? 0);
        report.Value("text", some.ToString() + none);
        Point? point = new Point(1, 2);
        report.Value("point", point?.X ?? -1);
        (int, string)? pair = (1, "p");
        report.Value("pair", pair?.Item2);
        report.Value("compared", Nullable.Compare<int>(3, null));
        report.Value("hash", some.GetHashCode() + none.GetHashCode());
        long? wide = long.MaxValue;
        object wideBox = wide;
        report.Value("wide", (long)wideBox);
    }

    private enum TestKind
    {
        One = 1,
        Two,
        Many = 100,
    }

    [Flags]
    private enum Rights : byte
    {
        Read = 1,
        Write = 2,
        Execute = 4,
        All = 7,
    }

    private enum Wide : long
    {
        Low = long.MinValue,
        High = long.MaxValue,
    }

    public static void Enums(Report report)
    {
        Rights rights = Rights.Read | Rights.Execute;
        report.Value("flag", rights.HasFlag(Rights.Read) && !rights.HasFlag(Rights.Write));
        report.Value("value", (int)rights);
        report.Value("complement", (int)(Rights)(byte)(~rights & Rights.All));
        report.Value("switch", TestKind.Many switch { TestKind.One => 1, TestKind.Two => 2, _ => 3 });
        report.Value("wide", (long)Wide.Low);
        report.Value("equal", TestKind.One.Equals(TestKind.One) && !TestKind.One.Equals(1));
        report.Order("compare", TestKind.One.CompareTo(TestKind.Two));
        report.Order("wide compare", Wide.Low.CompareTo(Wide.High));
        report.Value("hash", TestKind.Many.GetHashCode());
        object boxed = rights;
        report.Value("boxed", ((Enum)boxed).HasFlag(Rights.Execute));
        report.Value("boxed equal", boxed.Equals(Rights.Read | Rights.Execute));
    }

    public static void Tuples(Report report)
    {
        (int Number, string Text) pair = (1, "one");
        pair.Number++;
        (int number, string text) = pair;
        report.Value("parts", text + number);
        report.Value("equal", pair == (2, "one") && pair != (2, "two"));
        report.Value("equals", pair.Equals((2, "one")));
        report.Value("hash", pair.GetHashCode() == (2, "one").GetHashCode());
        int a = 1;
        int b = 2;
        (a, b) = (b, a);
        report.Value("swapped", (a * 10) + b);
        (int, int, int, int, int) five = (1, 2, 3, 4, 5);
        report.Value("five", five.Item5);
        report.Value("nested", ((1, 2), (3, "x")).Item2.Item2);
    }

    public static void Patterns(Report report)
    {
        object?[] objects = [null, 0, 5, 50, -3, "", "long text", new Point(0, 1), new Point(2, 2), new[] { 1, 2, 3 }, 'q', (3, "t")];
        foreach (object? o in objects)
        {
            report.Value("is", o switch
            {
                null => "null",
                0 => "zero",
                int n and > 0 and < 10 => "digit " + n,
                int n when n < 0 => "negative",
                int => "int",
                "" => "empty",
                string { Length: > 5 } s => s.Substring(0, 4),
                Point { X: 0 } => "on axis",
                Point(var x, var y) when x == y => "diagonal",
                int[] and [1, .., var last] => "array to " + last,
                char c and (>= 'a' and <= 'z') => "letter " + c,
                (int i, string t) => t + i,
                _ => "other",
            });
        }
    }

    private static void Deconstruct(this Point point, out int x, out int y) => (x, y) = (point.X, point.Y);
}

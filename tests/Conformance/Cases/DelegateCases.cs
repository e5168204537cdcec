using System;
using System.Collections.Generic;

namespace LiteBox.Conformance;

internal static class DelegateCases
{
    private static int Twice(int x) => 2 * x;

    private sealed class Accumulator(int start)
    {
        public int Total = start;

        public int Add(int x) => Total += x;

        public string Name() => "base";
    }

    private class Speaker
    {
        public virtual string Speak(string word) => "base " + word;

        public Func<string, string> Bind() => Speak;
    }

    private sealed class Loud : Speaker
    {
        public override string Speak(string word) => "loud " + word;

        public Func<string, string> BindBase() => base.Speak;
    }

    private static string Tag(this string text, int number) => text + "#" + number;

    public static void Delegates(Report report)
    {
        Func<int, int> open = Twice;
        report.Value("open static", open(4));
        Accumulator accumulator = new(10);
        Func<int, int> closed = accumulator.Add;
        closed(5);
        report.Value("closed instance", closed(1));
        report.Value("target", ReferenceEquals(closed.Target, accumulator));
        report.Value("virtual", new Loud().Bind()("x"));
        report.Value("base", new Loud().BindBase()("x"));
        Func<int, string> extension = "text".Tag;
        report.Value("closed static", extension(3));
        Comparison<string> comparison = string.CompareOrdinal;
        report.Order("library", comparison("a", "b"));
        report.Value("many", Apply((a, b, c, d, e, f, g, h) => a + b + c + d + e + f + g + h));
        Predicate<int> even = x => x % 2 == 0;
        report.Value("predicate", even(4) && !even(5));
        Func<(int, string), string> tuple = p => p.Item2 + p.Item1;
        report.Value("struct argument", tuple((1, "s")));
        Func<int, (int, int, int)> large = x => (x, x + 1, x + 2);
        report.Value("struct result", large(5).Item3);
        report.Value("name", new Func<string>(accumulator.Name)());
    }

    private static int Apply(Func<int, int, int, int, int, int, int, int, int> function) => function(1, 2, 3, 4, 5, 6, 7, 8);

    public static void Lambdas(Report report)
    {
        int captured = 10;
        Func<int, int> add = x => x + captured;
        captured = 20;
        report.Value("captured", add(1));
        Action bump = () => captured++;
        bump();
        bump();
        report.Value("changed", captured);
        List<Func<int>> functions = [];
        for (int i = 0; i < 4; i++)
        {
            int copy = i;
            functions.Add(() => copy * copy);
        }

        int sum = 0;
        foreach (Func<int> function in functions)
        {
            sum += function();
        }

        report.Value("sum", sum);
        Func<int, Func<int, int>> curry = a => b => (a * 100) + b;
        report.Value("curried", curry(3)(4));
        int Local(int n) => n <= 1 ? 1 : n * Local(n - 1);
        report.Value("local", Local(10));
        Func<int, int>? fibonacci = null;
        fibonacci = n => n < 2 ? n : fibonacci!(n - 1) + fibonacci(n - 2);
        report.Value("recursive", fibonacci(15));
        report.Value("static", new Func<string, int>(static s => s.Length)("four"));
        report.Value("generic", Map([1, 2, 3], x => "n" + x));
        report.Value("shared generic", Map(["a", "b"], x => x + x));
    }

    private static string Map<T>(T[] values, Func<T, string> map)
    {
        string text = "";
        foreach (T value in values)
        {
            text += map(value);
        }

        return text;
    }

    public static void Multicast(Report report)
    {
        List<string> log = [];
        Action<int> first = x => log.Add("a" + x);
        Action<int> second = x => log.Add("b" + x);
        Action<int>? all = first;
        all += second;
        all += first;
        all(1);
        report.Value("order", string.Join(',', log));
        report.Value("count", all.GetInvocationList().Length);
        log.Clear();
        all -= first;
        all!(2);
        report.Value("last removed", string.Join(',', log));
        all -= second;
        all -= first;
        report.Value("nothing left", all is null);
        Func<int>? functions = () => 1;
        functions += () => 2;
        report.Value("last result", functions());
        Action<int>? both = first + second + first + second;
        both -= first + second;
        log.Clear();
        both!(3);
        report.Value("sequence removed", string.Join(',', log));
        both -= Other;
        report.Value("still", both!.GetInvocationList().Length);
        Publisher publisher = new();
        publisher.Changed += first;
        publisher.Changed += second;
        log.Clear();
        publisher.Raise(9);
        publisher.Changed -= first;
        publisher.Raise(8);
        report.Value("event", string.Join(',', log));
    }

    private static void Other(int x)
    {
    }

    private sealed class Publisher
    {
        public event Action<int>? Changed;

        public void Raise(int x) => Changed?.Invoke(x);
    }

    public static void Equality(Report report)
    {
        Accumulator one = new(1);
        Accumulator two = new(1);
        Func<int, int> a = one.Add;
        Func<int, int> b = one.Add;
        Func<int, int> c = two.Add;
        report.Value("same", a == b && a.Equals(b) && a.GetHashCode() == b.GetHashCode());
        report.Value("other target", a == c);
        Func<int, int> s = Twice;
        Func<int, int> t = Twice;
        report.Value("static", s == t);
        Func<int, int> m = a + s;
        Func<int, int> n = b + t;
        report.Value("multicast", m == n);
        report.Value("null", a == null);
        report.Value("different order", m == t + b);
    }
}

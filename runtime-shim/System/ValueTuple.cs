using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

// Tuples of the language. Equality and order are those of the elements, first to last; there is no text.

public struct ValueTuple<T1>(T1 item1)
    : IEquatable<ValueTuple<T1>>, IComparable, IComparable<ValueTuple<T1>>, IStructuralEquatable, IStructuralComparable, ITuple
{
    public T1 Item1 = item1;

    readonly int ITuple.Length => 1;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        _ => throw new IndexOutOfRangeException(),
    };

    readonly int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        ValueTuple<T1> other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public readonly int CompareTo(ValueTuple<T1> other)
    {
        return Comparer<T1>.Default.Compare(Item1, other.Item1);
    }

    public readonly bool Equals(ValueTuple<T1> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1);

    public override readonly bool Equals(object? obj) => obj is ValueTuple<T1> other && Equals(other);

    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Item1);
        return hash.ToHashCode();
    }
}

public struct ValueTuple<T1, T2>(T1 item1, T2 item2)
    : IEquatable<ValueTuple<T1, T2>>, IComparable, IComparable<ValueTuple<T1, T2>>, IStructuralEquatable, IStructuralComparable, ITuple
{
    public T1 Item1 = item1;
    public T2 Item2 = item2;

    readonly int ITuple.Length => 2;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        _ => throw new IndexOutOfRangeException(),
    };

    readonly int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        ValueTuple<T1, T2> other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public readonly int CompareTo(ValueTuple<T1, T2> other)
    {
        int order1 = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order1 != 0)
        {
            return order1;
        }

        return Comparer<T2>.Default.Compare(Item2, other.Item2);
    }

    public readonly bool Equals(ValueTuple<T1, T2> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2);

    public override readonly bool Equals(object? obj) => obj is ValueTuple<T1, T2> other && Equals(other);

    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Item1);
        hash.Add(Item2);
        return hash.ToHashCode();
    }
}

public struct ValueTuple<T1, T2, T3>(T1 item1, T2 item2, T3 item3)
    : IEquatable<ValueTuple<T1, T2, T3>>, IComparable, IComparable<ValueTuple<T1, T2, T3>>, IStructuralEquatable, IStructuralComparable, ITuple
{
    public T1 Item1 = item1;
    public T2 Item2 = item2;
    public T3 Item3 = item3;

    readonly int ITuple.Length => 3;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        _ => throw new IndexOutOfRangeException(),
    };

    readonly int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        ValueTuple<T1, T2, T3> other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public readonly int CompareTo(ValueTuple<T1, T2, T3> other)
    {
        int order1 = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order1 != 0)
        {
            return order1;
        }

        int order2 = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order2 != 0)
        {
            return order2;
        }

        return Comparer<T3>.Default.Compare(Item3, other.Item3);
    }

    public readonly bool Equals(ValueTuple<T1, T2, T3> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3);

    public override readonly bool Equals(object? obj) => obj is ValueTuple<T1, T2, T3> other && Equals(other);

    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Item1);
        hash.Add(Item2);
        hash.Add(Item3);
        return hash.ToHashCode();
    }
}

public struct ValueTuple<T1, T2, T3, T4>(T1 item1, T2 item2, T3 item3, T4 item4)
    : IEquatable<ValueTuple<T1, T2, T3, T4>>, IComparable, IComparable<ValueTuple<T1, T2, T3, T4>>, IStructuralEquatable, IStructuralComparable, ITuple
{
    public T1 Item1 = item1;
    public T2 Item2 = item2;
    public T3 Item3 = item3;
    public T4 Item4 = item4;

    readonly int ITuple.Length => 4;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        _ => throw new IndexOutOfRangeException(),
    };

    readonly int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        ValueTuple<T1, T2, T3, T4> other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public readonly int CompareTo(ValueTuple<T1, T2, T3, T4> other)
    {
        int order1 = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order1 != 0)
        {
            return order1;
        }

        int order2 = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order2 != 0)
        {
            return order2;
        }

        int order3 = Comparer<T3>.Default.Compare(Item3, other.Item3);
        if (order3 != 0)
        {
            return order3;
        }

        return Comparer<T4>.Default.Compare(Item4, other.Item4);
    }

    public readonly bool Equals(ValueTuple<T1, T2, T3, T4> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4);

    public override readonly bool Equals(object? obj) => obj is ValueTuple<T1, T2, T3, T4> other && Equals(other);

    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Item1);
        hash.Add(Item2);
        hash.Add(Item3);
        hash.Add(Item4);
        return hash.ToHashCode();
    }
}

public struct ValueTuple<T1, T2, T3, T4, T5>(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5)
    : IEquatable<ValueTuple<T1, T2, T3, T4, T5>>, IComparable, IComparable<ValueTuple<T1, T2, T3, T4, T5>>, IStructuralEquatable, IStructuralComparable, ITuple
{
    public T1 Item1 = item1;
    public T2 Item2 = item2;
    public T3 Item3 = item3;
    public T4 Item4 = item4;
    public T5 Item5 = item5;

    readonly int ITuple.Length => 5;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        4 => Item5,
        _ => throw new IndexOutOfRangeException(),
    };

    readonly int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        ValueTuple<T1, T2, T3, T4, T5> other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public readonly int CompareTo(ValueTuple<T1, T2, T3, T4, T5> other)
    {
        int order1 = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order1 != 0)
        {
            return order1;
        }

        int order2 = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order2 != 0)
        {
            return order2;
        }

        int order3 = Comparer<T3>.Default.Compare(Item3, other.Item3);
        if (order3 != 0)
        {
            return order3;
        }

        int order4 = Comparer<T4>.Default.Compare(Item4, other.Item4);
        if (order4 != 0)
        {
            return order4;
        }

        return Comparer<T5>.Default.Compare(Item5, other.Item5);
    }

    public readonly bool Equals(ValueTuple<T1, T2, T3, T4, T5> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5);

    public override readonly bool Equals(object? obj) => obj is ValueTuple<T1, T2, T3, T4, T5> other && Equals(other);

    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Item1);
        hash.Add(Item2);
        hash.Add(Item3);
        hash.Add(Item4);
        hash.Add(Item5);
        return hash.ToHashCode();
    }
}

public struct ValueTuple<T1, T2, T3, T4, T5, T6>(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6)
    : IEquatable<ValueTuple<T1, T2, T3, T4, T5, T6>>, IComparable, IComparable<ValueTuple<T1, T2, T3, T4, T5, T6>>, IStructuralEquatable, IStructuralComparable, ITuple
{
    public T1 Item1 = item1;
    public T2 Item2 = item2;
    public T3 Item3 = item3;
    public T4 Item4 = item4;
    public T5 Item5 = item5;
    public T6 Item6 = item6;

    readonly int ITuple.Length => 6;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        4 => Item5,
        5 => Item6,
        _ => throw new IndexOutOfRangeException(),
    };

    readonly int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        ValueTuple<T1, T2, T3, T4, T5, T6> other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public readonly int CompareTo(ValueTuple<T1, T2, T3, T4, T5, T6> other)
    {
        int order1 = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order1 != 0)
        {
            return order1;
        }

        int order2 = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order2 != 0)
        {
            return order2;
        }

        int order3 = Comparer<T3>.Default.Compare(Item3, other.Item3);
        if (order3 != 0)
        {
            return order3;
        }

        int order4 = Comparer<T4>.Default.Compare(Item4, other.Item4);
        if (order4 != 0)
        {
            return order4;
        }

        int order5 = Comparer<T5>.Default.Compare(Item5, other.Item5);
        if (order5 != 0)
        {
            return order5;
        }

        return Comparer<T6>.Default.Compare(Item6, other.Item6);
    }

    public readonly bool Equals(ValueTuple<T1, T2, T3, T4, T5, T6> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5)
        && EqualityComparer<T6>.Default.Equals(Item6, other.Item6);

    public override readonly bool Equals(object? obj) => obj is ValueTuple<T1, T2, T3, T4, T5, T6> other && Equals(other);

    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Item1);
        hash.Add(Item2);
        hash.Add(Item3);
        hash.Add(Item4);
        hash.Add(Item5);
        hash.Add(Item6);
        return hash.ToHashCode();
    }
}

public struct ValueTuple<T1, T2, T3, T4, T5, T6, T7>(T1 item1, T2 item2, T3 item3, T4 item4, T5 item5, T6 item6, T7 item7)
    : IEquatable<ValueTuple<T1, T2, T3, T4, T5, T6, T7>>, IComparable, IComparable<ValueTuple<T1, T2, T3, T4, T5, T6, T7>>, IStructuralEquatable, IStructuralComparable, ITuple
{
    public T1 Item1 = item1;
    public T2 Item2 = item2;
    public T3 Item3 = item3;
    public T4 Item4 = item4;
    public T5 Item5 = item5;
    public T6 Item6 = item6;
    public T7 Item7 = item7;

    readonly int ITuple.Length => 7;

    readonly object? ITuple.this[int index] => index switch
    {
        0 => Item1,
        1 => Item2,
        2 => Item3,
        3 => Item4,
        4 => Item5,
        5 => Item6,
        6 => Item7,
        _ => throw new IndexOutOfRangeException(),
    };

    readonly int IComparable.CompareTo(object? obj) => obj switch
    {
        null => 1,
        ValueTuple<T1, T2, T3, T4, T5, T6, T7> other => CompareTo(other),
        _ => throw new ArgumentException("The value has another type."),
    };

    public readonly int CompareTo(ValueTuple<T1, T2, T3, T4, T5, T6, T7> other)
    {
        int order1 = Comparer<T1>.Default.Compare(Item1, other.Item1);
        if (order1 != 0)
        {
            return order1;
        }

        int order2 = Comparer<T2>.Default.Compare(Item2, other.Item2);
        if (order2 != 0)
        {
            return order2;
        }

        int order3 = Comparer<T3>.Default.Compare(Item3, other.Item3);
        if (order3 != 0)
        {
            return order3;
        }

        int order4 = Comparer<T4>.Default.Compare(Item4, other.Item4);
        if (order4 != 0)
        {
            return order4;
        }

        int order5 = Comparer<T5>.Default.Compare(Item5, other.Item5);
        if (order5 != 0)
        {
            return order5;
        }

        int order6 = Comparer<T6>.Default.Compare(Item6, other.Item6);
        if (order6 != 0)
        {
            return order6;
        }

        return Comparer<T7>.Default.Compare(Item7, other.Item7);
    }

    public readonly bool Equals(ValueTuple<T1, T2, T3, T4, T5, T6, T7> other) =>
        EqualityComparer<T1>.Default.Equals(Item1, other.Item1)
        && EqualityComparer<T2>.Default.Equals(Item2, other.Item2)
        && EqualityComparer<T3>.Default.Equals(Item3, other.Item3)
        && EqualityComparer<T4>.Default.Equals(Item4, other.Item4)
        && EqualityComparer<T5>.Default.Equals(Item5, other.Item5)
        && EqualityComparer<T6>.Default.Equals(Item6, other.Item6)
        && EqualityComparer<T7>.Default.Equals(Item7, other.Item7);

    public override readonly bool Equals(object? obj) => obj is ValueTuple<T1, T2, T3, T4, T5, T6, T7> other && Equals(other);

    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Item1);
        hash.Add(Item2);
        hash.Add(Item3);
        hash.Add(Item4);
        hash.Add(Item5);
        hash.Add(Item6);
        hash.Add(Item7);
        return hash.ToHashCode();
    }
}

public struct ValueTuple : IEquatable<ValueTuple>
{
    public readonly bool Equals(ValueTuple other) => true;

    public override readonly bool Equals(object? obj) => obj is ValueTuple;

    public override readonly int GetHashCode() => 0;
}

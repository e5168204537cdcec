using System.Runtime.CompilerServices;

namespace System;

/// <summary>Binary32. The kernel computes with integers; this is here because the compiler knows it.</summary>
public readonly struct Single : IEquatable<float>, IComparable<float>
{
    private readonly float m_value;

    public bool Equals(float other) => m_value == other || (m_value != m_value && other != other);

    public int CompareTo(float value) => m_value < value ? -1 : m_value > value ? 1 : m_value == value ? 0 : m_value == m_value ? 1 : value == value ? -1 : 0;

    public override bool Equals(object? obj) => obj is float other && Equals(other);

    public override int GetHashCode() => BitConverter.SingleToInt32Bits(m_value);
}

/// <summary>Binary64. The kernel computes with integers; this is here because the compiler knows it.</summary>
public readonly struct Double : IEquatable<double>, IComparable<double>
{
    private readonly double m_value;

    public bool Equals(double other) => m_value == other || (m_value != m_value && other != other);

    public int CompareTo(double value) => m_value < value ? -1 : m_value > value ? 1 : m_value == value ? 0 : m_value == m_value ? 1 : value == value ? -1 : 0;

    public override bool Equals(object? obj) => obj is double other && Equals(other);

    public override int GetHashCode()
    {
        long bits = BitConverter.DoubleToInt64Bits(m_value);
        return (int)bits ^ (int)(bits >> 32);
    }
}

using System.Collections.Generic;
using System.Numerics;

namespace System;

/// <summary>Mixes hash codes. The values differ from .NET's, which differ from run to run: nothing may depend on them.</summary>
public struct HashCode
{
    private const uint Multiplier = 0x9E3779B1;

    private uint _hash;

    public void Add<T>(T value) => _hash = Mix(_hash, value is null ? 0u : (uint)value.GetHashCode());

    public void AddBytes(ReadOnlySpan<byte> value)
    {
        foreach (byte b in value)
        {
            _hash = Mix(_hash, b);
        }
    }

    public readonly int ToHashCode() => (int)(_hash ^ (_hash >> 15));

    public static int Combine<T1>(T1 value1)
    {
        HashCode hash = default;
        hash.Add(value1);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2>(T1 value1, T2 value2)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2, T3>(T1 value1, T2 value2, T3 value3)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        hash.Add(value3);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2, T3, T4>(T1 value1, T2 value2, T3 value3, T4 value4)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        hash.Add(value3);
        hash.Add(value4);
        return hash.ToHashCode();
    }

    private static uint Mix(uint hash, uint value) => (BitOperations.RotateLeft(hash, 13) ^ value) * Multiplier;
}

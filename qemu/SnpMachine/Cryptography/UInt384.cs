using System;

namespace LiteBox.SnpMachine.Cryptography;

/// <summary>A number of 384 bits: twelve 32-bit limbs, the least significant first.</summary>
internal unsafe struct UInt384
{
    /// <summary>Limbs in a number.</summary>
    public const int Limbs = 12;

    /// <summary>Bytes in a number.</summary>
    public const int Size = 48;

    private fixed uint _limbs[Limbs];

    public uint this[int index]
    {
        readonly get => _limbs[index];
        set => _limbs[index] = value;
    }

    public readonly bool IsZero
    {
        get
        {
            uint any = 0;
            for (int i = 0; i < Limbs; i++)
            {
                any |= _limbs[i];
            }
            return any == 0;
        }
    }

    /// <summary>Reads 48 bytes, the most significant first.</summary>
    public static UInt384 FromBigEndian(ReadOnlySpan<byte> bytes)
    {
        UInt384 number = default;
        for (int i = 0; i < Size; i++)
        {
            number._limbs[i / 4] |= (uint)bytes[Size - 1 - i] << (8 * (i % 4));
        }
        return number;
    }

    /// <summary>Reads 48 bytes, the least significant first: the order of AMD's structures.</summary>
    public static UInt384 FromLittleEndian(ReadOnlySpan<byte> bytes)
    {
        UInt384 number = default;
        for (int i = 0; i < Size; i++)
        {
            number._limbs[i / 4] |= (uint)bytes[i] << (8 * (i % 4));
        }
        return number;
    }

    /// <summary>Writes 48 bytes, the most significant first.</summary>
    public readonly void ToBigEndian(Span<byte> bytes)
    {
        for (int i = 0; i < Size; i++)
        {
            bytes[Size - 1 - i] = (byte)(_limbs[i / 4] >> (8 * (i % 4)));
        }
    }

    /// <summary>Writes 48 bytes, the least significant first: the order of AMD's structures.</summary>
    public readonly void ToLittleEndian(Span<byte> bytes)
    {
        for (int i = 0; i < Size; i++)
        {
            bytes[i] = (byte)(_limbs[i / 4] >> (8 * (i % 4)));
        }
    }

    public readonly uint Bit(int index) => (_limbs[index / 32] >> (index % 32)) & 1;

    /// <summary>Whether this number is less than <paramref name="other"/>.</summary>
    public readonly bool IsLess(UInt384 other)
    {
        UInt384 difference = this;
        return difference.Subtract(other) != 0;
    }

    /// <summary>Adds in place; the result is the carry, 0 or 1.</summary>
    public uint Add(UInt384 other)
    {
        ulong carry = 0;
        for (int i = 0; i < Limbs; i++)
        {
            carry += (ulong)_limbs[i] + other._limbs[i];
            _limbs[i] = (uint)carry;
            carry >>= 32;
        }
        return (uint)carry;
    }

    /// <summary>Subtracts in place; the result is the borrow, 0 or 1.</summary>
    public uint Subtract(UInt384 other)
    {
        ulong borrow = 0;
        for (int i = 0; i < Limbs; i++)
        {
            ulong difference = (ulong)_limbs[i] - other._limbs[i] - borrow;
            _limbs[i] = (uint)difference;
            borrow = difference >> 63;
        }
        return (uint)borrow;
    }
}

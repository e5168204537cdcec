using System;
using System.Buffers.Binary;

namespace LiteBox.Cryptography;

/// <summary>
/// AES-256 of one block (FIPS 197). Its time and the addresses that it touches do not depend on key or data (hardening rule T73): the S-box is calculated
/// and not looked up, eight bytes of a word at a time, and nothing branches on a secret. A block is two words of little-endian bytes, two columns of the
/// state each.
/// </summary>
public unsafe struct Aes256
{
    /// <summary>Bytes in a key.</summary>
    public const int KeySize = 32;

    private const int Rounds = 14;
    private const int RoundKeyWords = 4 * (Rounds + 1);
    private const int KeyWords = KeySize / sizeof(uint);

    private const ulong LowBits = 0x0101_0101_0101_0101;
    private const ulong AllButHighBits = 0x7F7F_7F7F_7F7F_7F7F;
    private const ulong AllButLowBits = 0xFEFE_FEFE_FEFE_FEFE;
    private const ulong Polynomial = 0x1B; // x^8 is x^4 + x^3 + x + 1
    private const ulong FirstRow = 0x0000_00FF_0000_00FF;

    private fixed uint _roundKeys[RoundKeyWords];

    /// <summary>Expands the 32 bytes of a key (FIPS 197, section 5.2).</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < KeyWords; i++)
        {
            _roundKeys[i] = BinaryPrimitives.ReadUInt32LittleEndian(key.Slice(i * sizeof(uint)));
        }

        uint constant = 1;
        for (int i = KeyWords; i < RoundKeyWords; i++)
        {
            uint word = _roundKeys[i - 1];
            if (i % KeyWords == 0)
            {
                word = (uint)Substitute((word >> 8) | (word << 24)) ^ constant;
                constant <<= 1;
            }
            else if (i % KeyWords == 4)
            {
                word = (uint)Substitute(word);
            }

            _roundKeys[i] = _roundKeys[i - KeyWords] ^ word;
        }
    }

    /// <summary>Encrypts a block in place.</summary>
    public readonly void Encrypt(ref ulong low, ref ulong high)
    {
        AddRoundKey(0, ref low, ref high);
        for (int round = 1; round < Rounds; round++)
        {
            low = Substitute(low);
            high = Substitute(high);
            ShiftRows(ref low, ref high);
            low = MixColumns(low);
            high = MixColumns(high);
            AddRoundKey(round, ref low, ref high);
        }

        low = Substitute(low);
        high = Substitute(high);
        ShiftRows(ref low, ref high);
        AddRoundKey(Rounds, ref low, ref high);
    }

    private readonly void AddRoundKey(int round, ref ulong low, ref ulong high)
    {
        low ^= _roundKeys[4 * round] | ((ulong)_roundKeys[(4 * round) + 1] << 32);
        high ^= _roundKeys[(4 * round) + 2] | ((ulong)_roundKeys[(4 * round) + 3] << 32);
    }

    /// <summary>The S-box of each byte: the inverse in GF(2^8), then a byte's sum with four rotations of itself.</summary>
    private static ulong Substitute(ulong bytes)
    {
        ulong rotated = Invert(bytes);
        ulong sum = rotated;
        for (int i = 0; i < 4; i++)
        {
            rotated = ((rotated << 1) & AllButLowBits) | ((rotated >> 7) & LowBits);
            sum ^= rotated;
        }

        return sum ^ (0x63 * LowBits);
    }

    /// <summary>x^254, which is 1/x, and 0 for 0.</summary>
    private static ulong Invert(ulong x)
    {
        ulong x2 = Multiply(x, x);
        ulong x3 = Multiply(x2, x);
        ulong x6 = Multiply(x3, x3);
        ulong x12 = Multiply(x6, x6);
        ulong power = Multiply(x12, x3);
        for (int i = 0; i < 4; i++)
        {
            power = Multiply(power, power); // from x^15 to x^240
        }

        return Multiply(Multiply(power, x12), x2);
    }

    /// <summary>Products in GF(2^8), byte by byte.</summary>
    private static ulong Multiply(ulong left, ulong right)
    {
        ulong product = 0;
        for (int bit = 0; bit < 8; bit++)
        {
            product ^= left & (((right >> bit) & LowBits) * 0xFF);
            left = Double(left);
        }

        return product;
    }

    private static ulong Double(ulong bytes) => ((bytes & AllButHighBits) << 1) ^ (((bytes >> 7) & LowBits) * Polynomial);

    /// <summary>Row r moves r columns to the left; a column is 32 bits.</summary>
    private static void ShiftRows(ref ulong low, ref ulong high)
    {
        ulong lowByOne = (low >> 32) | (high << 32);
        ulong highByOne = (high >> 32) | (low << 32);
        ulong newLow = (low & FirstRow) | (lowByOne & (FirstRow << 8)) | (high & (FirstRow << 16)) | (highByOne & (FirstRow << 24));
        high = (high & FirstRow) | (highByOne & (FirstRow << 8)) | (low & (FirstRow << 16)) | (lowByOne & (FirstRow << 24));
        low = newLow;
    }

    /// <summary>Both columns of a word: each byte becomes the sum of its column's other bytes and of twice itself and its successor.</summary>
    private static ulong MixColumns(ulong columns)
    {
        ulong pairs = columns ^ RotateColumns(columns, 8);
        return columns ^ pairs ^ RotateColumns(pairs, 16) ^ Double(pairs);
    }

    private static ulong RotateColumns(ulong columns, int bits)
    {
        uint low = (uint)columns;
        uint high = (uint)(columns >> 32);
        return (low >> bits) | (low << (32 - bits)) | ((ulong)((high >> bits) | (high << (32 - bits))) << 32);
    }
}

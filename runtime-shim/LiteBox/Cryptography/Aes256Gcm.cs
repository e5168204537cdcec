using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LiteBox.Cryptography;

/// <summary>
/// AES-256 in Galois/counter mode (SP 800-38D) with a nonce of 96 bits and a tag of 128: the cipher of SEV-SNP guest messages. It stands beside .NET's
/// AesGcm, because that one allocates, and throws where a tag is wrong, which here is something that a host does and no broken invariant.
/// Constant in time but for the lengths (T73).
/// </summary>
public struct Aes256Gcm
{
    /// <summary>Bytes in a key.</summary>
    public const int KeySize = Aes256.KeySize;

    /// <summary>Bytes in a nonce.</summary>
    public const int NonceSize = 12;

    /// <summary>Bytes in a tag.</summary>
    public const int TagSize = 16;

    private const int BlockSize = 16;
    private const ulong Reduction = 0xE100_0000_0000_0000; // x^128 is x^7 + x^2 + x + 1, lowest power first

    private Aes256 _cipher;
    private ulong _hashKeyHigh;
    private ulong _hashKeyLow;

    /// <summary>Expands the 32 bytes of a key. What the structure holds from then on is as secret as the key.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        _cipher.SetKey(key);
        ulong low = 0, high = 0;
        _cipher.Encrypt(ref low, ref high);
        _hashKeyHigh = BinaryPrimitives.ReverseEndianness(low);
        _hashKeyLow = BinaryPrimitives.ReverseEndianness(high);
    }

    /// <summary>Encrypts <paramref name="data"/> in place and writes the tag over it and <paramref name="associated"/>.</summary>
    public readonly void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> data, Span<byte> tag)
    {
        ApplyKeyStream(nonce, data);
        ComputeTag(nonce, associated, data, tag);
    }

    /// <summary>Checks the tag and decrypts <paramref name="data"/> in place; when the tag is wrong, the data stay as they are.</summary>
    public readonly bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> data, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[TagSize];
        ComputeTag(nonce, associated, data, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return false;
        }

        ApplyKeyStream(nonce, data);
        return true;
    }

    private readonly void ApplyKeyStream(ReadOnlySpan<byte> nonce, Span<byte> data)
    {
        uint counter = 1;
        for (int start = 0; start < data.Length; start += BlockSize)
        {
            EncryptCounter(nonce, ++counter, out ulong low, out ulong high);
            for (int i = 0; i < BlockSize && start + i < data.Length; i++)
            {
                data[start + i] ^= (byte)((i < 8 ? low : high) >> (8 * (i % 8)));
            }
        }
    }

    private readonly void EncryptCounter(ReadOnlySpan<byte> nonce, uint counter, out ulong low, out ulong high)
    {
        low = BinaryPrimitives.ReadUInt64LittleEndian(nonce);
        high = BinaryPrimitives.ReadUInt32LittleEndian(nonce.Slice(8)) | ((ulong)BinaryPrimitives.ReverseEndianness(counter) << 32);
        _cipher.Encrypt(ref low, ref high);
    }

    private readonly void ComputeTag(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> data, Span<byte> tag)
    {
        ulong high = 0, low = 0;
        Absorb(associated, ref high, ref low);
        Absorb(data, ref high, ref low);
        high ^= (ulong)associated.Length * 8;
        low ^= (ulong)data.Length * 8;
        MultiplyByHashKey(ref high, ref low);
        EncryptCounter(nonce, 1, out ulong maskLow, out ulong maskHigh);
        BinaryPrimitives.WriteUInt64LittleEndian(tag, maskLow ^ BinaryPrimitives.ReverseEndianness(high));
        BinaryPrimitives.WriteUInt64LittleEndian(tag.Slice(8), maskHigh ^ BinaryPrimitives.ReverseEndianness(low));
    }

    private readonly void Absorb(ReadOnlySpan<byte> data, ref ulong high, ref ulong low)
    {
        for (int start = 0; start < data.Length; start += BlockSize)
        {
            for (int i = 0; i < BlockSize && start + i < data.Length; i++)
            {
                ulong part = (ulong)data[start + i] << (56 - (8 * (i % 8)));
                if (i < 8)
                {
                    high ^= part;
                }
                else
                {
                    low ^= part;
                }
            }

            MultiplyByHashKey(ref high, ref low);
        }
    }

    // The field of SP 800-38D section 6.3: bit 0 is the most significant bit of the first byte.
    private readonly void MultiplyByHashKey(ref ulong high, ref ulong low)
    {
        ulong productHigh = 0, productLow = 0;
        ulong keyHigh = _hashKeyHigh, keyLow = _hashKeyLow;
        for (int i = 0; i < 128; i++)
        {
            ulong take = 0 - ((i < 64 ? high : low) >> (63 - (i % 64)) & 1);
            productHigh ^= keyHigh & take;
            productLow ^= keyLow & take;
            ulong reduce = 0 - (keyLow & 1);
            keyLow = (keyLow >> 1) | (keyHigh << 63);
            keyHigh = (keyHigh >> 1) ^ (reduce & Reduction);
        }

        high = productHigh;
        low = productLow;
    }
}

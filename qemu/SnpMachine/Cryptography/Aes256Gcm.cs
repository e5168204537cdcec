using System;

namespace LiteBox.SnpMachine.Cryptography;

/// <summary>
/// AES-256 in Galois/counter mode (FIPS 197, SP 800-38D) with a nonce of 96 bits and a tag of 128: the cipher of guest messages.
/// It is written to be read. It is not constant in time: the keys that it sees are those of a test machine.
/// </summary>
internal unsafe struct Aes256Gcm
{
    /// <summary>Bytes in a key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes in a nonce.</summary>
    public const int NonceSize = 12;

    /// <summary>Bytes in a tag.</summary>
    public const int TagSize = 16;

    private const int Rounds = 14;

    private fixed byte _roundKeys[16 * (Rounds + 1)];
    private ulong _hashKeyHigh;
    private ulong _hashKeyLow;

    private static ReadOnlySpan<byte> Substitution =>
    [
        0x63, 0x7C, 0x77, 0x7B, 0xF2, 0x6B, 0x6F, 0xC5, 0x30, 0x01, 0x67, 0x2B, 0xFE, 0xD7, 0xAB, 0x76,
        0xCA, 0x82, 0xC9, 0x7D, 0xFA, 0x59, 0x47, 0xF0, 0xAD, 0xD4, 0xA2, 0xAF, 0x9C, 0xA4, 0x72, 0xC0,
        0xB7, 0xFD, 0x93, 0x26, 0x36, 0x3F, 0xF7, 0xCC, 0x34, 0xA5, 0xE5, 0xF1, 0x71, 0xD8, 0x31, 0x15,
        0x04, 0xC7, 0x23, 0xC3, 0x18, 0x96, 0x05, 0x9A, 0x07, 0x12, 0x80, 0xE2, 0xEB, 0x27, 0xB2, 0x75,
        0x09, 0x83, 0x2C, 0x1A, 0x1B, 0x6E, 0x5A, 0xA0, 0x52, 0x3B, 0xD6, 0xB3, 0x29, 0xE3, 0x2F, 0x84,
        0x53, 0xD1, 0x00, 0xED, 0x20, 0xFC, 0xB1, 0x5B, 0x6A, 0xCB, 0xBE, 0x39, 0x4A, 0x4C, 0x58, 0xCF,
        0xD0, 0xEF, 0xAA, 0xFB, 0x43, 0x4D, 0x33, 0x85, 0x45, 0xF9, 0x02, 0x7F, 0x50, 0x3C, 0x9F, 0xA8,
        0x51, 0xA3, 0x40, 0x8F, 0x92, 0x9D, 0x38, 0xF5, 0xBC, 0xB6, 0xDA, 0x21, 0x10, 0xFF, 0xF3, 0xD2,
        0xCD, 0x0C, 0x13, 0xEC, 0x5F, 0x97, 0x44, 0x17, 0xC4, 0xA7, 0x7E, 0x3D, 0x64, 0x5D, 0x19, 0x73,
        0x60, 0x81, 0x4F, 0xDC, 0x22, 0x2A, 0x90, 0x88, 0x46, 0xEE, 0xB8, 0x14, 0xDE, 0x5E, 0x0B, 0xDB,
        0xE0, 0x32, 0x3A, 0x0A, 0x49, 0x06, 0x24, 0x5C, 0xC2, 0xD3, 0xAC, 0x62, 0x91, 0x95, 0xE4, 0x79,
        0xE7, 0xC8, 0x37, 0x6D, 0x8D, 0xD5, 0x4E, 0xA9, 0x6C, 0x56, 0xF4, 0xEA, 0x65, 0x7A, 0xAE, 0x08,
        0xBA, 0x78, 0x25, 0x2E, 0x1C, 0xA6, 0xB4, 0xC6, 0xE8, 0xDD, 0x74, 0x1F, 0x4B, 0xBD, 0x8B, 0x8A,
        0x70, 0x3E, 0xB5, 0x66, 0x48, 0x03, 0xF6, 0x0E, 0x61, 0x35, 0x57, 0xB9, 0x86, 0xC1, 0x1D, 0x9E,
        0xE1, 0xF8, 0x98, 0x11, 0x69, 0xD9, 0x8E, 0x94, 0x9B, 0x1E, 0x87, 0xE9, 0xCE, 0x55, 0x28, 0xDF,
        0x8C, 0xA1, 0x89, 0x0D, 0xBF, 0xE6, 0x42, 0x68, 0x41, 0x99, 0x2D, 0x0F, 0xB0, 0x54, 0xBB, 0x16,
    ];

    /// <summary>Expands the 32 bytes of a key.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> box = Substitution;
        for (int i = 0; i < KeySize; i++)
        {
            _roundKeys[i] = key[i];
        }
        byte constant = 1;
        for (int i = KeySize; i < 16 * (Rounds + 1); i += 4)
        {
            byte a = _roundKeys[i - 4], b = _roundKeys[i - 3], c = _roundKeys[i - 2], d = _roundKeys[i - 1];
            if (i % KeySize == 0)
            {
                (a, b, c, d) = ((byte)(box[b] ^ constant), box[c], box[d], box[a]);
                constant <<= 1;
            }
            else if (i % KeySize == 16)
            {
                (a, b, c, d) = (box[a], box[b], box[c], box[d]);
            }
            _roundKeys[i] = (byte)(_roundKeys[i - KeySize] ^ a);
            _roundKeys[i + 1] = (byte)(_roundKeys[i - KeySize + 1] ^ b);
            _roundKeys[i + 2] = (byte)(_roundKeys[i - KeySize + 2] ^ c);
            _roundKeys[i + 3] = (byte)(_roundKeys[i - KeySize + 3] ^ d);
        }
        byte* zero = stackalloc byte[16];
        for (int i = 0; i < 16; i++)
        {
            zero[i] = 0;
        }
        EncryptBlock(zero);
        _hashKeyHigh = ReadBigEndian(zero);
        _hashKeyLow = ReadBigEndian(zero + 8);
    }

    /// <summary>Encrypts <paramref name="data"/> in place and writes the tag over it and <paramref name="associated"/>.</summary>
    public void Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> data, Span<byte> tag)
    {
        ApplyKeyStream(nonce, data);
        ComputeTag(nonce, associated, data, tag);
    }

    /// <summary>Checks the tag and decrypts <paramref name="data"/> in place; when the tag is wrong, the data stay as they are.</summary>
    public bool TryDecrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, Span<byte> data, ReadOnlySpan<byte> tag)
    {
        byte* expected = stackalloc byte[TagSize];
        // SAFETY: the span covers exactly the stack buffer above, and does not outlive it.
        ComputeTag(nonce, associated, data, new Span<byte>(expected, TagSize));
        int difference = 0;
        for (int i = 0; i < TagSize; i++)
        {
            difference |= expected[i] ^ tag[i];
        }
        if (difference != 0)
        {
            return false;
        }
        ApplyKeyStream(nonce, data);
        return true;
    }

    private static ulong ReadBigEndian(byte* bytes)
    {
        ulong value = 0;
        for (int i = 0; i < 8; i++)
        {
            value = (value << 8) | bytes[i];
        }
        return value;
    }

    private void ApplyKeyStream(ReadOnlySpan<byte> nonce, Span<byte> data)
    {
        byte* stream = stackalloc byte[16];
        for (int i = 0; i < data.Length; i++)
        {
            if (i % 16 == 0)
            {
                CounterBlock(nonce, (uint)(i / 16) + 2, stream);
                EncryptBlock(stream);
            }
            data[i] ^= stream[i % 16];
        }
    }

    private static void CounterBlock(ReadOnlySpan<byte> nonce, uint counter, byte* block)
    {
        for (int i = 0; i < NonceSize; i++)
        {
            block[i] = nonce[i];
        }
        block[12] = (byte)(counter >> 24);
        block[13] = (byte)(counter >> 16);
        block[14] = (byte)(counter >> 8);
        block[15] = (byte)counter;
    }

    private void ComputeTag(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> data, Span<byte> tag)
    {
        ulong high = 0, low = 0;
        Absorb(associated, ref high, ref low);
        Absorb(data, ref high, ref low);
        high ^= (ulong)associated.Length * 8;
        low ^= (ulong)data.Length * 8;
        MultiplyByHashKey(ref high, ref low);
        byte* mask = stackalloc byte[16];
        CounterBlock(nonce, 1, mask);
        EncryptBlock(mask);
        for (int i = 0; i < 8; i++)
        {
            tag[i] = (byte)(mask[i] ^ (byte)(high >> (56 - 8 * i)));
            tag[8 + i] = (byte)(mask[8 + i] ^ (byte)(low >> (56 - 8 * i)));
        }
    }

    private void Absorb(ReadOnlySpan<byte> data, ref ulong high, ref ulong low)
    {
        for (int start = 0; start < data.Length; start += 16)
        {
            for (int i = 0; i < 16 && start + i < data.Length; i++)
            {
                ulong part = (ulong)data[start + i] << (56 - 8 * (i % 8));
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
    private void MultiplyByHashKey(ref ulong high, ref ulong low)
    {
        ulong productHigh = 0, productLow = 0;
        ulong keyHigh = _hashKeyHigh, keyLow = _hashKeyLow;
        for (int i = 0; i < 128; i++)
        {
            ulong bit = i < 64 ? (high >> (63 - i)) & 1 : (low >> (127 - i)) & 1;
            ulong take = 0 - bit;
            productHigh ^= keyHigh & take;
            productLow ^= keyLow & take;
            ulong reduce = 0 - (keyLow & 1);
            keyLow = (keyLow >> 1) | (keyHigh << 63);
            keyHigh = (keyHigh >> 1) ^ (reduce & 0xE100000000000000);
        }
        high = productHigh;
        low = productLow;
    }

    // SAFETY: block has 16 bytes, as all callers in this type give it; the round keys are indexed below 16 * 15.
    private void EncryptBlock(byte* block)
    {
        ReadOnlySpan<byte> box = Substitution;
        byte* next = stackalloc byte[16];
        for (int i = 0; i < 16; i++)
        {
            block[i] ^= _roundKeys[i];
        }
        for (int round = 1; round <= Rounds; round++)
        {
            for (int i = 0; i < 16; i++)
            {
                next[i] = box[block[(i + 4 * (i % 4)) % 16]];
            }
            for (int column = 0; column < 16; column += 4)
            {
                byte a = next[column], b = next[column + 1], c = next[column + 2], d = next[column + 3];
                if (round < Rounds)
                {
                    byte all = (byte)(a ^ b ^ c ^ d);
                    (a, b, c, d) = ((byte)(a ^ all ^ Double((byte)(a ^ b))), (byte)(b ^ all ^ Double((byte)(b ^ c))),
                                    (byte)(c ^ all ^ Double((byte)(c ^ d))), (byte)(d ^ all ^ Double((byte)(d ^ a))));
                }
                block[column] = (byte)(a ^ _roundKeys[16 * round + column]);
                block[column + 1] = (byte)(b ^ _roundKeys[16 * round + column + 1]);
                block[column + 2] = (byte)(c ^ _roundKeys[16 * round + column + 2]);
                block[column + 3] = (byte)(d ^ _roundKeys[16 * round + column + 3]);
            }
        }
    }

    private static byte Double(byte value) => (byte)((value << 1) ^ ((value >> 7) * 0x1B));
}

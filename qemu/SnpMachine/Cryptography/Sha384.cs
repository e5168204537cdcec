using System;

namespace LiteBox.SnpMachine.Cryptography;

/// <summary>SHA-384 (FIPS 180-4). A value of this type is a running hash: <see cref="Start"/>, <see cref="Add"/>, <see cref="Finish"/>.</summary>
internal unsafe struct Sha384
{
    /// <summary>Bytes in a digest.</summary>
    public const int Size = 48;

    /// <summary>Bytes in a block of the compression function.</summary>
    public const int BlockSize = 128;

    private fixed ulong _state[8];
    private fixed byte _block[BlockSize];
    private ulong _length;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x428A2F98D728AE22, 0x7137449123EF65CD, 0xB5C0FBCFEC4D3B2F, 0xE9B5DBA58189DBBC,
        0x3956C25BF348B538, 0x59F111F1B605D019, 0x923F82A4AF194F9B, 0xAB1C5ED5DA6D8118,
        0xD807AA98A3030242, 0x12835B0145706FBE, 0x243185BE4EE4B28C, 0x550C7DC3D5FFB4E2,
        0x72BE5D74F27B896F, 0x80DEB1FE3B1696B1, 0x9BDC06A725C71235, 0xC19BF174CF692694,
        0xE49B69C19EF14AD2, 0xEFBE4786384F25E3, 0x0FC19DC68B8CD5B5, 0x240CA1CC77AC9C65,
        0x2DE92C6F592B0275, 0x4A7484AA6EA6E483, 0x5CB0A9DCBD41FBD4, 0x76F988DA831153B5,
        0x983E5152EE66DFAB, 0xA831C66D2DB43210, 0xB00327C898FB213F, 0xBF597FC7BEEF0EE4,
        0xC6E00BF33DA88FC2, 0xD5A79147930AA725, 0x06CA6351E003826F, 0x142929670A0E6E70,
        0x27B70A8546D22FFC, 0x2E1B21385C26C926, 0x4D2C6DFC5AC42AED, 0x53380D139D95B3DF,
        0x650A73548BAF63DE, 0x766A0ABB3C77B2A8, 0x81C2C92E47EDAEE6, 0x92722C851482353B,
        0xA2BFE8A14CF10364, 0xA81A664BBC423001, 0xC24B8B70D0F89791, 0xC76C51A30654BE30,
        0xD192E819D6EF5218, 0xD69906245565A910, 0xF40E35855771202A, 0x106AA07032BBD1B8,
        0x19A4C116B8D2D0C8, 0x1E376C085141AB53, 0x2748774CDF8EEB99, 0x34B0BCB5E19B48A8,
        0x391C0CB3C5C95A63, 0x4ED8AA4AE3418ACB, 0x5B9CCA4F7763E373, 0x682E6FF3D6B2B8A3,
        0x748F82EE5DEFB2FC, 0x78A5636F43172F60, 0x84C87814A1F0AB72, 0x8CC702081A6439EC,
        0x90BEFFFA23631E28, 0xA4506CEBDE82BDE9, 0xBEF9A3F7B2C67915, 0xC67178F2E372532B,
        0xCA273ECEEA26619C, 0xD186B8C721C0C207, 0xEADA7DD6CDE0EB1E, 0xF57D4F7FEE6ED178,
        0x06F067AA72176FBA, 0x0A637DC5A2C898A6, 0x113F9804BEF90DAE, 0x1B710B35131C471B,
        0x28DB77F523047D84, 0x32CAAB7B40C72493, 0x3C9EBE0A15C9BEBC, 0x431D67C49C100D4C,
        0x4CC5D4BECB3E42B6, 0x597F299CFC657E2A, 0x5FCB6FAB3AD6FAEC, 0x6C44198C4A475817,
    ];

    /// <summary>The digest of one piece of data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Sha384 hash = default;
        hash.Start();
        hash.Add(data);
        hash.Finish(digest);
    }

    /// <summary>Begins a new hash, whatever the value held before.</summary>
    public void Start()
    {
        _state[0] = 0xCBBB9D5DC1059ED8;
        _state[1] = 0x629A292A367CD507;
        _state[2] = 0x9159015A3070DD17;
        _state[3] = 0x152FECD8F70E5939;
        _state[4] = 0x67332667FFC00B31;
        _state[5] = 0x8EB44A8768581511;
        _state[6] = 0xDB0C2E0D64F98FA7;
        _state[7] = 0x47B5481DBEFA4FA4;
        _length = 0;
    }

    /// <summary>Appends data to what is hashed.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        int filled = (int)(_length % BlockSize);
        _length += (ulong)data.Length;
        for (int i = 0; i < data.Length; i++)
        {
            _block[filled++] = data[i];
            if (filled == BlockSize)
            {
                Compress();
                filled = 0;
            }
        }
    }

    /// <summary>Writes the 48 bytes of the digest. The value must be started again before it is used again.</summary>
    public void Finish(Span<byte> digest)
    {
        ulong bits = _length * 8;
        int filled = (int)(_length % BlockSize);
        _block[filled++] = 0x80;
        if (filled > BlockSize - 16)
        {
            while (filled < BlockSize)
            {
                _block[filled++] = 0;
            }
            Compress();
            filled = 0;
        }
        while (filled < BlockSize - 8)
        {
            _block[filled++] = 0;
        }
        for (int i = 0; i < 8; i++)
        {
            _block[BlockSize - 1 - i] = (byte)(bits >> (8 * i));
        }
        Compress();
        for (int i = 0; i < Size; i++)
        {
            digest[i] = (byte)(_state[i / 8] >> (56 - 8 * (i % 8)));
        }
    }

    private static ulong Rotate(ulong value, int count) => (value >> count) | (value << (64 - count));

    // SAFETY: every index into the fixed buffers and the schedule is a loop counter bounded by their length.
    private void Compress()
    {
        ulong* w = stackalloc ulong[80];
        for (int i = 0; i < 16; i++)
        {
            ulong word = 0;
            for (int j = 0; j < 8; j++)
            {
                word = (word << 8) | _block[8 * i + j];
            }
            w[i] = word;
        }
        for (int i = 16; i < 80; i++)
        {
            ulong s0 = Rotate(w[i - 15], 1) ^ Rotate(w[i - 15], 8) ^ (w[i - 15] >> 7);
            ulong s1 = Rotate(w[i - 2], 19) ^ Rotate(w[i - 2], 61) ^ (w[i - 2] >> 6);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        ulong a = _state[0], b = _state[1], c = _state[2], d = _state[3];
        ulong e = _state[4], f = _state[5], g = _state[6], h = _state[7];
        ReadOnlySpan<ulong> k = RoundConstants;
        for (int i = 0; i < 80; i++)
        {
            ulong s1 = Rotate(e, 14) ^ Rotate(e, 18) ^ Rotate(e, 41);
            ulong t1 = h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i];
            ulong s0 = Rotate(a, 28) ^ Rotate(a, 34) ^ Rotate(a, 39);
            ulong t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
        }
        _state[0] += a; _state[1] += b; _state[2] += c; _state[3] += d;
        _state[4] += e; _state[5] += f; _state[6] += g; _state[7] += h;
    }
}

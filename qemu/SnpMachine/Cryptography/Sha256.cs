using System;

namespace LiteBox.SnpMachine.Cryptography;

/// <summary>SHA-256 (FIPS 180-4): what the kernel-hashes page of a measured boot holds.</summary>
internal unsafe struct Sha256
{
    /// <summary>Bytes in a digest.</summary>
    public const int Size = 32;

    private const int BlockSize = 64;

    private fixed uint _state[8];
    private fixed byte _block[BlockSize];
    private ulong _length;

    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ];

    /// <summary>The digest of one piece of data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Sha256 hash = default;
        hash.Start();
        hash.Add(data);
        hash.Finish(digest);
    }

    /// <summary>Begins a new hash, whatever the value held before.</summary>
    public void Start()
    {
        _state[0] = 0x6A09E667;
        _state[1] = 0xBB67AE85;
        _state[2] = 0x3C6EF372;
        _state[3] = 0xA54FF53A;
        _state[4] = 0x510E527F;
        _state[5] = 0x9B05688C;
        _state[6] = 0x1F83D9AB;
        _state[7] = 0x5BE0CD19;
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

    /// <summary>Writes the 32 bytes of the digest. The value must be started again before it is used again.</summary>
    public void Finish(Span<byte> digest)
    {
        ulong bits = _length * 8;
        int filled = (int)(_length % BlockSize);
        _block[filled++] = 0x80;
        if (filled > BlockSize - 8)
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
            digest[i] = (byte)(_state[i / 4] >> (24 - 8 * (i % 4)));
        }
    }

    private static uint Rotate(uint value, int count) => (value >> count) | (value << (32 - count));

    // SAFETY: every index into the fixed buffers and the schedule is a loop counter bounded by their length.
    private void Compress()
    {
        uint* w = stackalloc uint[64];
        for (int i = 0; i < 16; i++)
        {
            w[i] = (uint)(_block[4 * i] << 24 | _block[4 * i + 1] << 16 | _block[4 * i + 2] << 8 | _block[4 * i + 3]);
        }
        for (int i = 16; i < 64; i++)
        {
            uint s0 = Rotate(w[i - 15], 7) ^ Rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
            uint s1 = Rotate(w[i - 2], 17) ^ Rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        uint a = _state[0], b = _state[1], c = _state[2], d = _state[3];
        uint e = _state[4], f = _state[5], g = _state[6], h = _state[7];
        ReadOnlySpan<uint> k = RoundConstants;
        for (int i = 0; i < 64; i++)
        {
            uint s1 = Rotate(e, 6) ^ Rotate(e, 11) ^ Rotate(e, 25);
            uint t1 = h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i];
            uint s0 = Rotate(a, 2) ^ Rotate(a, 13) ^ Rotate(a, 22);
            uint t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
        }
        _state[0] += a; _state[1] += b; _state[2] += c; _state[3] += d;
        _state[4] += e; _state[5] += f; _state[6] += g; _state[7] += h;
    }
}

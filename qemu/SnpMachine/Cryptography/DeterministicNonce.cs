using System;

namespace LiteBox.SnpMachine.Cryptography;

/// <summary>The nonces of RFC 6979 section 3.2 for a group of 384 bits and SHA-384: a generator made of HMAC.</summary>
internal unsafe struct DeterministicNonce
{
    private fixed byte _key[Sha384.Size];
    private fixed byte _value[Sha384.Size];

    /// <summary>The generator for a private key (48 bytes, the most significant first) and a message digest below the order.</summary>
    public static DeterministicNonce Create(ReadOnlySpan<byte> privateKey, UInt384 message)
    {
        DeterministicNonce nonce = default;
        for (int i = 0; i < Sha384.Size; i++)
        {
            nonce._key[i] = 0;
            nonce._value[i] = 1;
        }
        byte* digest = stackalloc byte[UInt384.Size];
        // SAFETY: the span covers exactly the stack buffer above, and does not outlive this call.
        Span<byte> digestBytes = new(digest, UInt384.Size);
        message.ToBigEndian(digestBytes);
        nonce.Mix(0, privateKey, digestBytes);
        nonce.Mix(1, privateKey, digestBytes);
        return nonce;
    }

    /// <summary>The next number from 1 to <paramref name="order"/> - 1.</summary>
    public UInt384 Next(UInt384 order)
    {
        fixed (byte* value = _value)
        {
            // SAFETY: the span covers the pinned fixed buffer and does not outlive the statement.
            Span<byte> valueBytes = new(value, Sha384.Size);
            while (true)
            {
                Advance();
                UInt384 candidate = UInt384.FromBigEndian(valueBytes);
                Mix(0, default, default);
                if (!candidate.IsZero && candidate.IsLess(order))
                {
                    return candidate;
                }
            }
        }
    }

    // K = HMAC(K, V || marker || private key || digest), V = HMAC(K, V)
    private void Mix(byte marker, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> digest)
    {
        fixed (byte* key = _key)
        fixed (byte* value = _value)
        {
            // SAFETY: the spans cover the pinned fixed buffers and the one byte on the stack, and do not outlive this block.
            Span<byte> keyBytes = new(key, Sha384.Size);
            HmacSha384 code = default;
            code.Start(keyBytes);
            code.Add(new ReadOnlySpan<byte>(value, Sha384.Size));
            code.Add(new ReadOnlySpan<byte>(&marker, 1));
            code.Add(privateKey);
            code.Add(digest);
            code.Finish(keyBytes);
        }
        Advance();
    }

    private void Advance()
    {
        fixed (byte* key = _key)
        fixed (byte* value = _value)
        {
            // SAFETY: the spans cover the pinned fixed buffers and do not outlive this block.
            Span<byte> valueBytes = new(value, Sha384.Size);
            HmacSha384 code = default;
            code.Start(new ReadOnlySpan<byte>(key, Sha384.Size));
            code.Add(valueBytes);
            code.Finish(valueBytes);
        }
    }
}

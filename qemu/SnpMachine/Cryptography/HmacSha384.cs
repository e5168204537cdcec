using System;

namespace LiteBox.SnpMachine.Cryptography;

/// <summary>HMAC with SHA-384 (RFC 2104): the deterministic nonce of ECDSA and the derivation of keys are made of it.</summary>
internal unsafe struct HmacSha384
{
    private Sha384 _inner;
    private fixed byte _outerKey[Sha384.BlockSize];

    /// <summary>Begins a new code under <paramref name="key"/>, which is at most 128 bytes long.</summary>
    public void Start(ReadOnlySpan<byte> key)
    {
        byte* innerKey = stackalloc byte[Sha384.BlockSize];
        for (int i = 0; i < Sha384.BlockSize; i++)
        {
            byte part = i < key.Length ? key[i] : (byte)0;
            innerKey[i] = (byte)(part ^ 0x36);
            _outerKey[i] = (byte)(part ^ 0x5C);
        }
        _inner.Start();
        // SAFETY: the span covers exactly the stack buffer above, and does not outlive it.
        _inner.Add(new ReadOnlySpan<byte>(innerKey, Sha384.BlockSize));
    }

    /// <summary>Appends data to what is authenticated.</summary>
    public void Add(ReadOnlySpan<byte> data) => _inner.Add(data);

    /// <summary>Writes the 48 bytes of the code; <paramref name="code"/> may be the key's own memory.</summary>
    public void Finish(Span<byte> code)
    {
        byte* innerDigest = stackalloc byte[Sha384.Size];
        // SAFETY: both spans cover exactly the buffers that they name, and do not outlive this call.
        _inner.Finish(new Span<byte>(innerDigest, Sha384.Size));
        Sha384 outer = default;
        outer.Start();
        fixed (byte* outerKey = _outerKey)
        {
            outer.Add(new ReadOnlySpan<byte>(outerKey, Sha384.BlockSize));
        }
        outer.Add(new ReadOnlySpan<byte>(innerDigest, Sha384.Size));
        outer.Finish(code);
    }
}

using System;
using LiteBox.SnpMachine.Cryptography;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>Everything that real hardware draws from its random generator or its fuses comes from the configured seed, so that runs repeat.</summary>
internal static unsafe class KeyDerivation
{
    /// <summary>The first bytes of HMAC-SHA-384(seed, label || number), at most 48.</summary>
    public static void Derive(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> label, byte number, Span<byte> key)
    {
        byte* code = stackalloc byte[Sha384.Size];
        // SAFETY: the span covers exactly the stack buffer above, and does not outlive this call.
        Span<byte> bytes = new(code, Sha384.Size);
        HmacSha384 hmac = default;
        hmac.Start(seed);
        hmac.Add(label);
        hmac.Add(new ReadOnlySpan<byte>(&number, 1));
        hmac.Finish(bytes);
        bytes.Slice(0, key.Length).CopyTo(key);
    }
}

using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace LiteBox.North.Randomness;

/// <summary>The ChaCha20 block function (RFC 8439, section 2.3). Constant time: no branch and no address depends on the key.</summary>
internal static class ChaCha20
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a block.</summary>
    public const int BlockLength = 64;

    /// <summary>
    /// Writes one block of key stream: words 4 to 11 of the state are the key, word 12 the counter, words 13 to 15 the nonce.
    /// </summary>
    public static void WriteBlock(ReadOnlySpan<byte> key, uint counter, uint nonce0, uint nonce1, uint nonce2, Span<byte> block)
    {
        // "expand 32-byte k"
        const uint Constant0 = 0x61707865;
        const uint Constant1 = 0x3320646E;
        const uint Constant2 = 0x79622D32;
        const uint Constant3 = 0x6B206574;
        uint k0 = BinaryPrimitives.ReadUInt32LittleEndian(key);
        uint k1 = BinaryPrimitives.ReadUInt32LittleEndian(key.Slice(4));
        uint k2 = BinaryPrimitives.ReadUInt32LittleEndian(key.Slice(8));
        uint k3 = BinaryPrimitives.ReadUInt32LittleEndian(key.Slice(12));
        uint k4 = BinaryPrimitives.ReadUInt32LittleEndian(key.Slice(16));
        uint k5 = BinaryPrimitives.ReadUInt32LittleEndian(key.Slice(20));
        uint k6 = BinaryPrimitives.ReadUInt32LittleEndian(key.Slice(24));
        uint k7 = BinaryPrimitives.ReadUInt32LittleEndian(key.Slice(28));
        uint x0 = Constant0, x1 = Constant1, x2 = Constant2, x3 = Constant3;
        uint x4 = k0, x5 = k1, x6 = k2, x7 = k3, x8 = k4, x9 = k5, x10 = k6, x11 = k7;
        uint x12 = counter, x13 = nonce0, x14 = nonce1, x15 = nonce2;
        for (int round = 0; round < 10; round++)
        {
            QuarterRound(ref x0, ref x4, ref x8, ref x12);
            QuarterRound(ref x1, ref x5, ref x9, ref x13);
            QuarterRound(ref x2, ref x6, ref x10, ref x14);
            QuarterRound(ref x3, ref x7, ref x11, ref x15);
            QuarterRound(ref x0, ref x5, ref x10, ref x15);
            QuarterRound(ref x1, ref x6, ref x11, ref x12);
            QuarterRound(ref x2, ref x7, ref x8, ref x13);
            QuarterRound(ref x3, ref x4, ref x9, ref x14);
        }

        unchecked
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(60), x15 + nonce2);
            BinaryPrimitives.WriteUInt32LittleEndian(block, x0 + Constant0);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(4), x1 + Constant1);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(8), x2 + Constant2);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(12), x3 + Constant3);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(16), x4 + k0);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(20), x5 + k1);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(24), x6 + k2);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(28), x7 + k3);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(32), x8 + k4);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(36), x9 + k5);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(40), x10 + k6);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(44), x11 + k7);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(48), x12 + counter);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(52), x13 + nonce0);
            BinaryPrimitives.WriteUInt32LittleEndian(block.Slice(56), x14 + nonce1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRound(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        unchecked
        {
            a += b;
            d = BitOperations.RotateLeft(d ^ a, 16);
            c += d;
            b = BitOperations.RotateLeft(b ^ c, 12);
            a += b;
            d = BitOperations.RotateLeft(d ^ a, 8);
            c += d;
            b = BitOperations.RotateLeft(b ^ c, 7);
        }
    }
}

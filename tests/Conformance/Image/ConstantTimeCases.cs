using LiteBox.Cryptography;
using System;
using System.Runtime;
using System.Security.Cryptography;

namespace LiteBox.Conformance;

/// <summary>
/// Hardening rule T73: code that handles keys takes as many instructions whatever the keys are, so that no branch hangs on a secret. QEMU's icount makes the time
/// stamp counter count instructions; each case says "ok" or what differs.
/// </summary>
internal static class ConstantTimeCases
{
    private const int Rounds = 100;

    internal static readonly (string Name, Func<string> Run)[] List =
    [
        ("cipher", TheCipher),
        ("comparison", TheComparison),
    ];

    private static string TheCipher()
    {
        byte[] key = new byte[Aes256Gcm.KeySize];
        byte[] nonce = new byte[Aes256Gcm.NonceSize];
        byte[] associated = new byte[48];
        byte[] data = new byte[100];
        byte[] tag = new byte[Aes256Gcm.TagSize];
        ulong first = 0;
        uint seed = 1;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (byte[] input in new[] { key, nonce, associated, data })
            {
                Fill(input, round, ref seed);
            }

            Aes256Gcm cipher = default;
            ulong start = Measures.TimeStamp();
            cipher.SetKey(key);
            cipher.Encrypt(nonce, associated, data, tag);
            bool success = cipher.TryDecrypt(nonce, associated, data, tag);
            ulong taken = Measures.TimeStamp() - start;
            first = round == 1 ? taken : first; // round 0 warms up what a first call does
            if (!success || (round > 1 && taken != first))
            {
                return success ? $"{taken} instructions in round {round}, {first} before" : "the tag is wrong";
            }
        }

        return "ok";
    }

    private static string TheComparison()
    {
        byte[] left = new byte[16];
        byte[] right = new byte[16];
        ulong first = 0;
        for (int round = 0; round <= left.Length; round++)
        {
            right.AsSpan().Clear();
            if (round < right.Length)
            {
                right[round] = 0x80;
            }

            ulong start = Measures.TimeStamp();
            bool isEqual = CryptographicOperations.FixedTimeEquals(left, right);
            ulong taken = Measures.TimeStamp() - start;
            first = round == 0 ? taken : first;
            if (taken != first || isEqual != (round == right.Length))
            {
                return $"{taken} instructions where byte {round} differs, {first} before";
            }
        }

        return "ok";
    }

    // Zeros, ones, then anything.
    private static void Fill(byte[] bytes, int round, ref uint seed)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            seed = (seed * 1664525) + 1013904223;
            bytes[i] = round switch
            {
                2 => 0,
                3 => 0xFF,
                _ => (byte)(seed >> 24),
            };
        }
    }
}

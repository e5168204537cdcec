using System;
using System.Numerics;
using System.Security.Cryptography;
using CsCheck;
using LiteBox.Cryptography;
using LiteBox.SnpMachine.Cryptography;
using Xunit;

namespace LiteBox.SnpMachine.Tests;

/// <summary>The machine's ciphers against those of .NET, which is the oracle.</summary>
public sealed class CryptographyTests
{
    [Fact]
    public void Sha384_equals_the_oracle_at_every_length_around_its_blocks()
    {
        byte[] data = RandomNumberGenerator.GetBytes(400);
        for (int length = 0; length <= data.Length; length++)
        {
            byte[] digest = new byte[Sha384.Size];
            Sha384.Hash(data.AsSpan(0, length), digest);
            Assert.Equal(SHA384.HashData(data.AsSpan(0, length)), digest);
        }
    }

    [Fact]
    public void Sha256_equals_the_oracle_at_every_length_around_its_blocks()
    {
        byte[] data = RandomNumberGenerator.GetBytes(200);
        for (int length = 0; length <= data.Length; length++)
        {
            byte[] digest = new byte[Sha256.Size];
            Sha256.Hash(data.AsSpan(0, length), digest);
            Assert.Equal(SHA256.HashData(data.AsSpan(0, length)), digest);
        }
    }

    [Fact]
    public void A_hash_does_not_care_how_its_input_is_cut()
    {
        Gen.Select(Gen.Byte.Array[0, 700], Gen.Int[0, 700]).Sample((data, cut) =>
        {
            cut = Math.Min(cut, data.Length);
            byte[] digest = new byte[Sha384.Size];
            Sha384 hash = default;
            hash.Start();
            hash.Add(data.AsSpan(0, cut));
            hash.Add(data.AsSpan(cut));
            hash.Finish(digest);
            Assert.Equal(SHA384.HashData(data), digest);
        }, iter: 200);
    }

    [Fact]
    public void Hmac_equals_the_oracle()
    {
        Gen.Select(Gen.Byte.Array[0, 128], Gen.Byte.Array[0, 300]).Sample((key, data) =>
        {
            byte[] code = new byte[Sha384.Size];
            HmacSha384 hmac = default;
            hmac.Start(key);
            hmac.Add(data);
            hmac.Finish(code);
            Assert.Equal(HMACSHA384.HashData(key, data), code);
        }, iter: 200);
    }

    [Fact]
    public void Aes_gcm_encrypts_as_the_oracle_and_decrypts_what_it_encrypted()
    {
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[12], Gen.Byte.Array[0, 100], Gen.Byte.Array[0, 300]).Sample((key, nonce, associated, plain) =>
        {
            byte[] expected = new byte[plain.Length], expectedTag = new byte[16];
            using AesGcm oracle = new(key, 16);
            oracle.Encrypt(nonce, plain, expected, expectedTag, associated);

            Aes256Gcm cipher = default;
            cipher.SetKey(key);
            byte[] actual = (byte[])plain.Clone(), tag = new byte[16];
            cipher.Encrypt(nonce, associated, actual, tag);
            Assert.Equal(expected, actual);
            Assert.Equal(expectedTag, tag);
            Assert.True(cipher.TryDecrypt(nonce, associated, actual, tag));
            Assert.Equal(plain, actual);
        }, iter: 200);
    }

    [Fact]
    public void Aes_gcm_refuses_any_changed_bit_and_leaves_the_data()
    {
        Aes256Gcm cipher = default;
        cipher.SetKey(RandomNumberGenerator.GetBytes(32));
        byte[] nonce = RandomNumberGenerator.GetBytes(12), associated = RandomNumberGenerator.GetBytes(48);
        byte[] data = RandomNumberGenerator.GetBytes(40), tag = new byte[16];
        cipher.Encrypt(nonce, associated, data, tag);
        foreach (byte[] part in new[] { nonce, associated, data, tag })
        {
            for (int bit = 0; bit < 8 * part.Length; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                byte[] before = (byte[])data.Clone();
                Assert.False(cipher.TryDecrypt(nonce, associated, data, tag));
                Assert.Equal(before, data);
                part[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void Ecdsa_signatures_verify_with_the_oracle()
    {
        for (int i = 0; i < 20; i++)
        {
            using ECDsa oracle = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            byte[] message = RandomNumberGenerator.GetBytes(0x2A0);
            byte[] digest = SHA384.HashData(message);
            Assert.True(P384.TrySign(oracle.ExportParameters(true).D, digest, out UInt384 r, out UInt384 s));
            Assert.True(oracle.VerifyHash(digest, Join(r, s)));
            digest[0] ^= 1;
            Assert.False(oracle.VerifyHash(digest, Join(r, s)));
        }
    }

    [Fact]
    public void Ecdsa_verifies_what_the_oracle_signed_and_nothing_else()
    {
        for (int i = 0; i < 10; i++)
        {
            using ECDsa oracle = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            ECPoint key = oracle.ExportParameters(false).Q;
            UInt384 x = UInt384.FromBigEndian(key.X), y = UInt384.FromBigEndian(key.Y);
            byte[] digest = SHA384.HashData(RandomNumberGenerator.GetBytes(96));
            byte[] signature = oracle.SignHash(digest);
            UInt384 r = UInt384.FromBigEndian(signature.AsSpan(0, 48)), s = UInt384.FromBigEndian(signature.AsSpan(48));
            Assert.True(P384.Verifies(x, y, digest, r, s));
            Assert.False(P384.Verifies(x, y, digest, s, r));
            Assert.False(P384.Verifies(x, y, digest, default, s));
            Assert.False(P384.Verifies(x, y, digest, r, default));
            Assert.False(P384.Verifies(y, x, digest, r, s));
            digest[i] ^= 1;
            Assert.False(P384.Verifies(x, y, digest, r, s));
        }
    }

    /// <summary>RFC 6979 appendix A.2.6, P-384 with SHA-384, message "sample".</summary>
    [Fact]
    public void Ecdsa_nonces_are_those_of_rfc_6979()
    {
        byte[] key = Convert.FromHexString("6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5");
        Assert.True(P384.TrySign(key, SHA384.HashData("sample"u8), out UInt384 r, out UInt384 s));
        Assert.Equal("94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46"
                   + "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8", Convert.ToHexString(Join(r, s)));
    }

    [Fact]
    public void Ecdsa_refuses_a_key_outside_the_group()
    {
        byte[] digest = new byte[48];
        Assert.False(P384.TrySign(new byte[48], digest, out _, out _));
        byte[] tooLarge = new byte[48];
        tooLarge.AsSpan().Fill(0xFF);
        Assert.False(P384.TrySign(tooLarge, digest, out _, out _));
    }

    [Fact]
    public void Montgomery_arithmetic_equals_big_integers()
    {
        BigInteger modulus = BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1;
        Modulus384 field = Modulus384.Create(FromBig(modulus));
        Gen.Select(Gen.Byte.Array[48], Gen.Byte.Array[48]).Sample((x, y) =>
        {
            BigInteger a = new BigInteger(x, true, true) % modulus, b = new BigInteger(y, true, true) % modulus;
            UInt384 left = FromBig(a), right = FromBig(b);
            Assert.Equal((a + b) % modulus, ToBig(field.Add(left, right)));
            Assert.Equal((a - b + modulus) % modulus, ToBig(field.Subtract(left, right)));
            Assert.Equal(a * b % modulus, ToBig(field.FromMontgomery(field.Multiply(field.ToMontgomery(left), field.ToMontgomery(right)))));
        }, iter: 300);
    }

    private static byte[] Join(UInt384 r, UInt384 s)
    {
        byte[] signature = new byte[96];
        r.ToBigEndian(signature.AsSpan(0, 48));
        s.ToBigEndian(signature.AsSpan(48));
        return signature;
    }

    private static UInt384 FromBig(BigInteger number)
    {
        byte[] bytes = new byte[48];
        byte[] raw = number.ToByteArray(true, true);
        raw.CopyTo(bytes, 48 - raw.Length);
        return UInt384.FromBigEndian(bytes);
    }

    private static BigInteger ToBig(UInt384 number)
    {
        byte[] bytes = new byte[48];
        number.ToBigEndian(bytes);
        return new BigInteger(bytes, true, true);
    }
}

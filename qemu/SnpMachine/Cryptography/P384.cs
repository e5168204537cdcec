using System;

namespace LiteBox.SnpMachine.Cryptography;

/// <summary>
/// ECDSA on the curve P-384 with SHA-384 (FIPS 186-5, SP 800-186), the nonce derived from key and message (RFC 6979),
/// so that the same report is signed the same way in every run.
/// </summary>
internal static class P384
{
    private static ReadOnlySpan<byte> FieldPrime =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE,
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF,
    ];

    private static ReadOnlySpan<byte> GroupOrder =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xC7, 0x63, 0x4D, 0x81, 0xF4, 0x37, 0x2D, 0xDF,
        0x58, 0x1A, 0x0D, 0xB2, 0x48, 0xB0, 0xA7, 0x7A, 0xEC, 0xEC, 0x19, 0x6A, 0xCC, 0xC5, 0x29, 0x73,
    ];

    private static ReadOnlySpan<byte> CurveB =>
    [
        0xB3, 0x31, 0x2F, 0xA7, 0xE2, 0x3E, 0xE7, 0xE4, 0x98, 0x8E, 0x05, 0x6B, 0xE3, 0xF8, 0x2D, 0x19,
        0x18, 0x1D, 0x9C, 0x6E, 0xFE, 0x81, 0x41, 0x12, 0x03, 0x14, 0x08, 0x8F, 0x50, 0x13, 0x87, 0x5A,
        0xC6, 0x56, 0x39, 0x8D, 0x8A, 0x2E, 0xD1, 0x9D, 0x2A, 0x85, 0xC8, 0xED, 0xD3, 0xEC, 0x2A, 0xEF,
    ];

    private static ReadOnlySpan<byte> GeneratorX =>
    [
        0xAA, 0x87, 0xCA, 0x22, 0xBE, 0x8B, 0x05, 0x37, 0x8E, 0xB1, 0xC7, 0x1E, 0xF3, 0x20, 0xAD, 0x74,
        0x6E, 0x1D, 0x3B, 0x62, 0x8B, 0xA7, 0x9B, 0x98, 0x59, 0xF7, 0x41, 0xE0, 0x82, 0x54, 0x2A, 0x38,
        0x55, 0x02, 0xF2, 0x5D, 0xBF, 0x55, 0x29, 0x6C, 0x3A, 0x54, 0x5E, 0x38, 0x72, 0x76, 0x0A, 0xB7,
    ];

    private static ReadOnlySpan<byte> GeneratorY =>
    [
        0x36, 0x17, 0xDE, 0x4A, 0x96, 0x26, 0x2C, 0x6F, 0x5D, 0x9E, 0x98, 0xBF, 0x92, 0x92, 0xDC, 0x29,
        0xF8, 0xF4, 0x1D, 0xBD, 0x28, 0x9A, 0x14, 0x7C, 0xE9, 0xDA, 0x31, 0x13, 0xB5, 0xF0, 0xB8, 0xC0,
        0x0A, 0x60, 0xB1, 0xCE, 0x1D, 0x7E, 0x81, 0x9D, 0x7A, 0x43, 0x1D, 0x7C, 0x90, 0xEA, 0x0E, 0x5F,
    ];

    /// <summary>
    /// Signs the SHA-384 digest of a message with a private key (48 bytes, the most significant first).
    /// False when the key is zero or not below the group order.
    /// </summary>
    public static bool TrySign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> digest, out UInt384 r, out UInt384 s)
    {
        r = default;
        s = default;
        Modulus384 order = Modulus384.Create(UInt384.FromBigEndian(GroupOrder));
        UInt384 key = UInt384.FromBigEndian(privateKey);
        if (key.IsZero || !key.IsLess(order.Value))
        {
            return false;
        }
        UInt384 message = order.Reduce(UInt384.FromBigEndian(digest));
        DeterministicNonce nonces = DeterministicNonce.Create(privateKey, message);
        while (true)
        {
            UInt384 nonce = nonces.Next(order.Value);
            r = order.Reduce(MultiplyGenerator(nonce));
            if (r.IsZero)
            {
                continue;
            }
            // s = (message + r * key) / nonce
            UInt384 sum = order.Multiply(order.ToMontgomery(r), order.ToMontgomery(key));
            sum = order.Add(sum, order.ToMontgomery(message));
            s = order.FromMontgomery(order.Multiply(sum, order.Invert(order.ToMontgomery(nonce))));
            if (!s.IsZero)
            {
                return true;
            }
        }
    }

    // The affine x coordinate of scalar * generator, a plain number.
    private static UInt384 MultiplyGenerator(UInt384 scalar)
    {
        Modulus384 field = Modulus384.Create(UInt384.FromBigEndian(FieldPrime));
        UInt384 b = field.ToMontgomery(UInt384.FromBigEndian(CurveB));
        Point generator = new()
        {
            X = field.ToMontgomery(UInt384.FromBigEndian(GeneratorX)),
            Y = field.ToMontgomery(UInt384.FromBigEndian(GeneratorY)),
            Z = field.One,
        };
        Point sum = new() { Y = field.One };
        for (int i = 383; i >= 0; i--)
        {
            sum = Add(in field, b, sum, sum);
            if (scalar.Bit(i) != 0)
            {
                sum = Add(in field, b, sum, generator);
            }
        }
        return field.FromMontgomery(field.Multiply(sum.X, field.Invert(sum.Z)));
    }

    // The complete addition of Renes, Costello and Batina (EUROCRYPT 2016, algorithm 4, a = -3): right for every pair of points,
    // equal ones and the neutral one too, so that doubling needs no case of its own.
    private static Point Add(in Modulus384 f, UInt384 b, Point p, Point q)
    {
        UInt384 t0 = f.Multiply(p.X, q.X);
        UInt384 t1 = f.Multiply(p.Y, q.Y);
        UInt384 t2 = f.Multiply(p.Z, q.Z);
        UInt384 t3 = f.Subtract(f.Multiply(f.Add(p.X, p.Y), f.Add(q.X, q.Y)), f.Add(t0, t1));
        UInt384 t4 = f.Subtract(f.Multiply(f.Add(p.Y, p.Z), f.Add(q.Y, q.Z)), f.Add(t1, t2));
        UInt384 y3 = f.Subtract(f.Multiply(f.Add(p.X, p.Z), f.Add(q.X, q.Z)), f.Add(t0, t2));
        UInt384 x3 = f.Subtract(y3, f.Multiply(b, t2));
        x3 = f.Add(x3, f.Add(x3, x3));
        UInt384 z3 = f.Subtract(t1, x3);
        x3 = f.Add(t1, x3);
        y3 = f.Multiply(b, y3);
        t2 = f.Add(t2, f.Add(t2, t2));
        y3 = f.Subtract(f.Subtract(y3, t2), t0);
        y3 = f.Add(y3, f.Add(y3, y3));
        t0 = f.Subtract(f.Add(t0, f.Add(t0, t0)), t2);
        t1 = f.Multiply(t4, y3);
        t2 = f.Multiply(t0, y3);
        return new Point
        {
            Y = f.Add(f.Multiply(x3, z3), t2),
            X = f.Subtract(f.Multiply(t3, x3), t1),
            Z = f.Add(f.Multiply(t4, z3), f.Multiply(t3, t0)),
        };
    }

    // Projective coordinates in Montgomery's form.
    private struct Point
    {
        public UInt384 X;
        public UInt384 Y;
        public UInt384 Z;
    }
}

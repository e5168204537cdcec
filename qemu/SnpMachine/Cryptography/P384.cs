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
        Curve curve = Curve.Create();
        DeterministicNonce nonces = DeterministicNonce.Create(privateKey, message);
        while (true)
        {
            UInt384 nonce = nonces.Next(order.Value);
            r = order.Reduce(curve.AffineX(curve.Multiply(nonce, curve.Generator)));
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

    /// <summary>
    /// Whether (<paramref name="r"/>, <paramref name="s"/>) signs the SHA-384 digest of a message under the public key with these affine
    /// coordinates (FIPS 186-5, 6.4.2). A point that is not on the curve verifies nothing.
    /// </summary>
    public static bool Verifies(UInt384 x, UInt384 y, ReadOnlySpan<byte> digest, UInt384 r, UInt384 s)
    {
        Modulus384 order = Modulus384.Create(UInt384.FromBigEndian(GroupOrder));
        Curve curve = Curve.Create();
        if (r.IsZero || s.IsZero || !r.IsLess(order.Value) || !s.IsLess(order.Value) || !curve.TryPoint(x, y, out Point key))
        {
            return false;
        }
        UInt384 inverse = order.Invert(order.ToMontgomery(s));
        UInt384 message = order.Reduce(UInt384.FromBigEndian(digest));
        UInt384 ofGenerator = order.FromMontgomery(order.Multiply(order.ToMontgomery(message), inverse));
        UInt384 ofKey = order.FromMontgomery(order.Multiply(order.ToMontgomery(r), inverse));
        Point sum = curve.Add(curve.Multiply(ofGenerator, curve.Generator), curve.Multiply(ofKey, key));
        UInt384 difference = order.Reduce(curve.AffineX(sum));
        return !sum.Z.IsZero && difference.Subtract(r) == 0 && difference.IsZero;
    }

    // Projective coordinates in Montgomery's form. Z is zero for the neutral point.
    private struct Point
    {
        public UInt384 X;
        public UInt384 Y;
        public UInt384 Z;
    }

    private struct Curve
    {
        private Modulus384 _field;
        private UInt384 _b;

        public Point Generator;

        public static Curve Create()
        {
            Curve curve = default;
            curve._field = Modulus384.Create(UInt384.FromBigEndian(FieldPrime));
            curve._b = curve._field.ToMontgomery(UInt384.FromBigEndian(CurveB));
            curve.TryPoint(UInt384.FromBigEndian(GeneratorX), UInt384.FromBigEndian(GeneratorY), out curve.Generator);
            return curve;
        }

        /// <summary>The point with these affine coordinates, plain numbers; false when it is not on the curve y^2 = x^3 - 3x + b.</summary>
        public readonly bool TryPoint(UInt384 x, UInt384 y, out Point point)
        {
            point = default;
            if (!x.IsLess(_field.Value) || !y.IsLess(_field.Value))
            {
                return false;
            }
            point.X = _field.ToMontgomery(x);
            point.Y = _field.ToMontgomery(y);
            point.Z = _field.One;
            UInt384 right = _field.Multiply(_field.Multiply(point.X, point.X), point.X);
            right = _field.Subtract(right, _field.Add(point.X, _field.Add(point.X, point.X)));
            right = _field.Add(right, _b);
            return _field.Subtract(_field.Multiply(point.Y, point.Y), right).IsZero;
        }

        /// <summary>The affine x coordinate, a plain number.</summary>
        public readonly UInt384 AffineX(Point point) => _field.FromMontgomery(_field.Multiply(point.X, _field.Invert(point.Z)));

        public readonly Point Multiply(UInt384 scalar, Point point)
        {
            Point sum = new() { Y = _field.One };
            for (int i = 383; i >= 0; i--)
            {
                sum = Add(sum, sum);
                if (scalar.Bit(i) != 0)
                {
                    sum = Add(sum, point);
                }
            }
            return sum;
        }

        // The complete addition of Renes, Costello and Batina (EUROCRYPT 2016, algorithm 4, a = -3): right for every pair of points,
        // equal ones and the neutral one too, so that doubling needs no case of its own.
        public readonly Point Add(Point p, Point q)
        {
            Modulus384 f = _field;
            UInt384 b = _b;
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
    }
}

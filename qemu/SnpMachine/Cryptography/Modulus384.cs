namespace LiteBox.SnpMachine.Cryptography;

/// <summary>
/// Arithmetic modulo an odd prime of 384 bits, on numbers in Montgomery's form (x stands as x * 2^384 mod m).
/// Every operand is below the modulus, and so is every result.
/// </summary>
internal struct Modulus384
{
    private UInt384 _modulus;
    private UInt384 _one;
    private UInt384 _square;
    private uint _negativeInverse;

    public static Modulus384 Create(UInt384 modulus)
    {
        Modulus384 m = default;
        m._modulus = modulus;
        // Newton's iteration doubles the number of right bits: 1 -> 32 in five steps.
        uint inverse = 1;
        for (int i = 0; i < 5; i++)
        {
            inverse *= 2 - modulus[0] * inverse;
        }
        m._negativeInverse = 0 - inverse;
        // 2^384 mod m by doubling 1, then 2^768 mod m by doubling on.
        UInt384 power = default;
        power[0] = 1;
        for (int i = 0; i < 384; i++)
        {
            power = m.Add(power, power);
        }
        m._one = power;
        for (int i = 0; i < 384; i++)
        {
            power = m.Add(power, power);
        }
        m._square = power;
        return m;
    }

    /// <summary>One, in Montgomery's form.</summary>
    public readonly UInt384 One => _one;

    /// <summary>The modulus itself, a plain number.</summary>
    public readonly UInt384 Value => _modulus;

    public readonly UInt384 ToMontgomery(UInt384 plain) => Multiply(plain, _square);

    public readonly UInt384 FromMontgomery(UInt384 number)
    {
        UInt384 one = default;
        one[0] = 1;
        return Multiply(number, one);
    }

    /// <summary>A plain number below 2^384, brought below the modulus.</summary>
    public readonly UInt384 Reduce(UInt384 plain)
    {
        while (!plain.IsLess(_modulus))
        {
            plain.Subtract(_modulus);
        }
        return plain;
    }

    public readonly UInt384 Add(UInt384 left, UInt384 right)
    {
        uint carry = left.Add(right);
        if (carry != 0 || !left.IsLess(_modulus))
        {
            left.Subtract(_modulus);
        }
        return left;
    }

    public readonly UInt384 Subtract(UInt384 left, UInt384 right)
    {
        if (left.Subtract(right) != 0)
        {
            left.Add(_modulus);
        }
        return left;
    }

    /// <summary>left * right / 2^384 mod m, limb by limb (the CIOS method of Koc, Acar and Kaliski).</summary>
    // SAFETY: the accumulator has two limbs more than a number, and is indexed up to Limbs + 1.
    public readonly unsafe UInt384 Multiply(UInt384 left, UInt384 right)
    {
        uint* t = stackalloc uint[UInt384.Limbs + 2];
        for (int i = 0; i < UInt384.Limbs + 2; i++)
        {
            t[i] = 0;
        }
        for (int i = 0; i < UInt384.Limbs; i++)
        {
            ulong carry = 0;
            ulong factor = right[i];
            for (int j = 0; j < UInt384.Limbs; j++)
            {
                carry += t[j] + left[j] * factor;
                t[j] = (uint)carry;
                carry >>= 32;
            }
            carry += t[UInt384.Limbs];
            t[UInt384.Limbs] = (uint)carry;
            t[UInt384.Limbs + 1] = (uint)(carry >> 32);

            factor = t[0] * _negativeInverse;
            carry = (t[0] + _modulus[0] * factor) >> 32;
            for (int j = 1; j < UInt384.Limbs; j++)
            {
                carry += t[j] + _modulus[j] * factor;
                t[j - 1] = (uint)carry;
                carry >>= 32;
            }
            carry += t[UInt384.Limbs];
            t[UInt384.Limbs - 1] = (uint)carry;
            t[UInt384.Limbs] = t[UInt384.Limbs + 1] + (uint)(carry >> 32);
        }
        UInt384 product = default;
        for (int i = 0; i < UInt384.Limbs; i++)
        {
            product[i] = t[i];
        }
        if (t[UInt384.Limbs] != 0 || !product.IsLess(_modulus))
        {
            product.Subtract(_modulus);
        }
        return product;
    }

    /// <summary>1 / number, by Fermat's little theorem; the number is in Montgomery's form and not zero.</summary>
    public readonly UInt384 Invert(UInt384 number)
    {
        UInt384 exponent = _modulus;
        UInt384 two = default;
        two[0] = 2;
        exponent.Subtract(two);
        UInt384 result = _one;
        for (int i = 383; i >= 0; i--)
        {
            result = Multiply(result, result);
            if (exponent.Bit(i) != 0)
            {
                result = Multiply(result, number);
            }
        }
        return result;
    }
}

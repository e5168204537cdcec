using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace LiteBox.Conformance;

internal static class NumberCases
{
    private static readonly long[] Interesting =
    [
        0, 1, -1, 2, 7, 9, 10, 99, 100, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, 65535, 65536, int.MaxValue, int.MinValue,
        (long)int.MaxValue + 1, uint.MaxValue, (long)uint.MaxValue + 1, long.MaxValue, long.MinValue, 1234567890123456789, -987654321,
    ];

    public static void Integers(Report report)
    {
        foreach (long value in Interesting)
        {
            report.Value("long", value);
            report.Value("ulong", (ulong)value);
            report.Value("int", ((int)value).ToString());
            report.Value("uint", ((uint)value).ToString());
            report.Value("short", ((short)value).ToString());
            report.Value("ushort", ((ushort)value).ToString());
            report.Value("sbyte", ((sbyte)value).ToString());
            report.Value("byte", ((byte)value).ToString());
            report.Value("nint", ((nint)value).ToString());
            report.Value("nuint", ((nuint)(ulong)value).ToString());
            report.Value("hash of long", value.GetHashCode());
            report.Value("hash of int", ((int)value).GetHashCode());
            report.Value("hash of ulong", ((ulong)value).GetHashCode());
            report.Order("compare", value.CompareTo(100));
            report.Value("equals", value.Equals((object)255L));
        }

        report.Value("limits", $"{int.MinValue} {int.MaxValue} {uint.MaxValue} {long.MinValue} {long.MaxValue} {ulong.MaxValue}");
        report.Value("small limits", $"{byte.MaxValue} {sbyte.MinValue} {sbyte.MaxValue} {short.MinValue} {short.MaxValue} {ushort.MaxValue}");
        report.Value("native size", nint.Size);
    }

    public static void Parsing(Report report)
    {
        string[] texts =
        [
            "0", "1", "-1", "+5", " 7", "8 ", "\t9\n", "", " ", "-", "+", "--1", "12a", "a12", "0x10", "255", "256", "-128", "-129", "2147483647",
            "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
            "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "00000000000000000000012", "-0",
        ];
        foreach (string text in texts)
        {
            report.Value("int", int.TryParse(text, out int i) ? i.ToString() : "no");
            report.Value("uint", uint.TryParse(text, out uint u) ? u.ToString() : "no");
            report.Value("long", long.TryParse(text, out long l) ? l.ToString() : "no");
            report.Value("ulong", ulong.TryParse(text, out ulong ul) ? ul.ToString() : "no");
            report.Value("byte", byte.TryParse(text, out byte b) ? b.ToString() : "no");
            report.Value("sbyte", sbyte.TryParse(text, out sbyte sb) ? sb.ToString() : "no");
            report.Value("short", short.TryParse(text, out short s) ? s.ToString() : "no");
        }

        foreach (string text in (string[])["0", "ff", "FF", "DeadBeef", "g", "", "100000000", "ffffffffffffffff", "10000000000000000", " 1f ", "-1", "80000000"])
        {
            report.Value("hex uint", uint.TryParse(text, NumberStyles.HexNumber, null, out uint u) ? u.ToString() : "no");
            report.Value("hex int", int.TryParse(text, NumberStyles.HexNumber, null, out int i) ? i.ToString() : "no");
            report.Value("hex ulong", ulong.TryParse(text, NumberStyles.HexNumber, null, out ulong ul) ? ul.ToString() : "no");
            report.Value("hex strict", ulong.TryParse(text, NumberStyles.AllowHexSpecifier, null, out ul) ? ul.ToString() : "no");
            report.Value("no sign", ulong.TryParse(text, NumberStyles.None, null, out ul) ? ul.ToString() : "no");
        }

        report.Value("parse", int.Parse("-42") + int.Parse("43".AsSpan()));
    }

    public static void Formatting(Report report)
    {
        foreach (long value in Interesting)
        {
            foreach (string format in (string[])["D", "D5", "d20", "X", "x", "X2", "x8", "X16", "B", "b8", "G"])
            {
                report.Value(format, value.ToString(format));
                report.Value(format, ((int)value).ToString(format));
                report.Value(format, ((ushort)value).ToString(format));
                report.Value(format, ((sbyte)value).ToString(format));
                report.Value(format, ((ulong)value).ToString(format));
            }
        }

        Span<char> small = stackalloc char[3];
        report.Value("fits", 123.TryFormat(small, out int written));
        report.Value("written", written);
        report.Value("does not fit", 1234.TryFormat(small, out written));
        report.Value("written", written);
        report.Value("negative", (-12).TryFormat(small, out written));
        report.Value("text", new string(small[..written]));
    }

    public static void MathAndBits(Report report)
    {
        foreach (long value in Interesting)
        {
            ulong bits = (ulong)value;
            report.Value("leading", BitOperations.LeadingZeroCount(bits));
            report.Value("leading 32", BitOperations.LeadingZeroCount((uint)bits));
            report.Value("trailing", BitOperations.TrailingZeroCount(bits));
            report.Value("trailing 32", BitOperations.TrailingZeroCount((uint)bits));
            report.Value("ones", BitOperations.PopCount(bits));
            report.Value("ones 32", BitOperations.PopCount((uint)bits));
            report.Value("log", BitOperations.Log2(bits));
            report.Value("log 32", BitOperations.Log2((uint)bits));
            report.Value("left", BitOperations.RotateLeft(bits, 13));
            report.Value("right 32", BitOperations.RotateRight((uint)bits, 5));
            report.Value("power", BitOperations.IsPow2(bits));
            report.Value("round up 32", BitOperations.RoundUpToPowerOf2((uint)bits));
            report.Value("round up", BitOperations.RoundUpToPowerOf2(bits));
            report.Value("sign", Math.Sign(value));
            report.Value("min", Math.Min(value, 1000));
            report.Value("max", Math.Max(value, 1000));
            report.Value("clamp", Math.Clamp(value, -50, 50));
            report.Value("unsigned min", Math.Min(bits, 1000UL));
            report.Value("abs", value == long.MinValue ? 0 : Math.Abs(value));
            ulong high = Math.BigMul(bits, 0x123456789ABCDEF0, out ulong low);
            report.Value("product high", high);
            report.Value("product low", low);
            if (value != 0)
            {
                (long quotient, long remainder) = Math.DivRem(1_000_000_007L, value);
                report.Value("quotient", quotient);
                report.Value("remainder", remainder);
            }
        }
    }

    public static void CheckedArithmetic(Report report)
    {
        int a = int.Parse("2000000000");
        int b = int.Parse("147483647");
        report.Value("sum", checked(a + b));
        report.Value("wrapped", unchecked(a + a));
        report.Value("product", checked((long)a * a));
        report.Value("narrowed", checked((short)(b / 10000)));
        report.Value("unsigned", checked((uint)a + (uint)a));
        report.Value("minus", unchecked(-int.Parse("-2147483648")));
        report.Value("remainder", int.Parse("-7") % 3);
        report.Value("quotient", int.Parse("-7") / 2);
        report.Value("unsigned quotient", uint.Parse("4294967289") / 2);
        report.Value("long remainder", long.Parse("-9223372036854775808") % 10);
    }

    public static void ShiftsAndConversions(Report report)
    {
        for (int shift = 0; shift < 70; shift += 7)
        {
            report.Value("left", unchecked(-3) << shift);
            report.Value("right", int.MinValue >> shift);
            report.Value("unsigned right", int.MinValue >>> shift);
            report.Value("long left", 5L << shift);
            report.Value("long right", long.MinValue >> shift);
            report.Value("ulong right", ulong.MaxValue >> shift);
        }

        foreach (long value in Interesting)
        {
            report.Value("to byte", unchecked((byte)value));
            report.Value("to char", unchecked((char)value));
            report.Value("to ushort", unchecked((ushort)value));
            report.Value("sign extended", (long)unchecked((int)value));
            report.Value("zero extended", (ulong)unchecked((uint)value));
        }
    }

    public static void Binary(Report report)
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 0x88];
        report.Value("u16", BinaryPrimitives.ReadUInt16BigEndian(bytes));
        report.Value("u16 le", BinaryPrimitives.ReadUInt16LittleEndian(bytes));
        report.Value("i32", BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4)));
        report.Value("u32 le", BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)));
        report.Value("u64", BinaryPrimitives.ReadUInt64BigEndian(bytes));
        report.Value("i64 le", BinaryPrimitives.ReadInt64LittleEndian(bytes));
        report.Value("short", BinaryPrimitives.TryReadInt64LittleEndian(bytes.AsSpan(1), out long none));
        report.Value("nothing", none);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 0xA1B2C3D4);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(4), -2);
        report.Value("written", BitConverter.ToUInt64(bytes, 0));
        report.Value("reversed", BinaryPrimitives.ReverseEndianness(0x0102030405060708UL));
        report.Value("reversed 16", BinaryPrimitives.ReverseEndianness((ushort)0x0102));
        report.Value("bytes", BitConverter.GetBytes(0x01020304).Length);
        report.Value("little", BitConverter.IsLittleEndian);
        report.Value("int", BitConverter.ToInt32(bytes.AsSpan(2)));
    }
}

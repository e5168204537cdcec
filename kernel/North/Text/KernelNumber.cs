using System;
using LiteBox.Abi;

namespace LiteBox.North.Text;

/// <summary>Numbers as programs write them into the kernel's attributes (Linux, kstrtouint with base 0).</summary>
internal static class KernelNumber
{
    /// <summary>
    /// Reads decimal, 0x hexadecimal or 0 octal digits, with a plus sign before and a newline behind them where there is one; a zero byte ends the text.
    /// EINVAL where it is anything else, ERANGE where it does not fit.
    /// </summary>
    public static Errno TryRead(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        int end = text.IndexOf((byte)0);
        text = end < 0 ? text : text.Slice(0, end);
        if (text.Length > 0 && text[0] == (byte)'+')
        {
            text = text.Slice(1);
        }

        if (text.Length > 0 && text[^1] == (byte)'\n')
        {
            text = text.Slice(0, text.Length - 1);
        }

        uint numberBase = TakePrefix(ref text);
        ulong number = 0;
        bool fits = true;
        foreach (byte character in text)
        {
            uint digit = DigitOf(character);
            if (digit >= numberBase)
            {
                return Errno.EINVAL;
            }

            number = (number * numberBase) + digit;
            fits = fits && number <= uint.MaxValue;
            number = fits ? number : 0;
        }

        value = fits ? (uint)number : 0;
        return text.Length == 0 ? Errno.EINVAL : fits ? Errno.None : Errno.ERANGE;
    }

    private static uint TakePrefix(ref ReadOnlySpan<byte> text)
    {
        if (text.Length > 2 && text[0] == (byte)'0' && (text[1] | 0x20) == 'x' && DigitOf(text[2]) < 16)
        {
            text = text.Slice(2);
            return 16;
        }

        return text.Length > 0 && text[0] == (byte)'0' ? 8u : 10u;
    }

    private static uint DigitOf(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => (uint)(character - '0'),
        >= (byte)'a' and <= (byte)'f' => (uint)(character - 'a' + 10),
        >= (byte)'A' and <= (byte)'F' => (uint)(character - 'A' + 10),
        _ => uint.MaxValue,
    };
}

using System;

namespace LiteBox.South.Stops;

/// <summary>Recognises call instructions from behind (APM volume 3, CALL (Near)): the ones that compiled code uses.</summary>
internal static class CallEncoding
{
    /// <summary>Bytes of the longest: opcode, ModRM, SIB and a 32-bit displacement, with a REX prefix that does not matter.</summary>
    internal const int LongestCall = 7;

    private const byte CallRelative = 0xE8;
    private const byte CallIndirect = 0xFF;

    /// <summary>ModRM.reg of a near indirect call.</summary>
    private const int NearCall = 2;

    /// <summary>True where the last bytes of <paramref name="code"/>, which are <see cref="LongestCall"/>, can be a call.</summary>
    internal static bool EndsWithCall(ReadOnlySpan<byte> code)
    {
        if (code[LongestCall - 5] == CallRelative)
        {
            return true;
        }

        for (int length = 2; length <= LongestCall; length++)
        {
            ReadOnlySpan<byte> call = code[(LongestCall - length)..];
            if (call[0] == CallIndirect && ((call[1] >> 3) & 7) == NearCall && IndirectLength(call[1]) == length)
            {
                return true;
            }
        }

        return false;
    }

    private static int IndirectLength(byte modRm)
    {
        int mode = modRm >> 6;
        int register = modRm & 7;
        int sib = mode != 3 && register == 4 ? 1 : 0;
        int displacement = mode switch
        {
            0 => register == 5 ? 4 : 0,
            1 => 1,
            2 => 4,
            _ => 0,
        };
        return 2 + sib + displacement;
    }
}

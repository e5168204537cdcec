using System;

namespace LiteBox.Image.Cpio;

/// <summary>The "newc" archive format, as Linux' Documentation/driver-api/early-userspace/buffer-format.rst has it.</summary>
internal static class CpioFormat
{
    public const int HeaderLength = 110;
    public const int FieldLength = 8;
    public const int FieldCount = 13;
    public const string TrailerName = "TRAILER!!!";

    public static ReadOnlySpan<byte> Magic => "070701"u8;

    public static long Pad(long length) => Alignment.Up(length, 4);
}

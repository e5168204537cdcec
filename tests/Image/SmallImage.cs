using System;
using System.Buffers.Binary;

namespace LiteBox.Image.Tests;

/// <summary>The least UEFI application that has everything the tests look at: one code section with a debug directory in it.</summary>
internal static class SmallImage
{
    public const int HeaderOffset = 0x80;
    public const uint SectionAlignment = 0x1000;
    public const uint FileAlignment = 0x200;
    public const int DebugEntryAt = 0x40;
    public const uint DebugData = 0x480;
    private const int CodeSize = 0x200;

    public static byte[] Make(int headersSize)
    {
        var image = new byte[headersSize + CodeSize];
        image[0] = (byte)'M';
        image[1] = (byte)'Z';
        void U16(int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at), (ushort)value);
        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);

        U32(0x3C, HeaderOffset);
        "PE\0\0"u8.CopyTo(image.AsSpan(HeaderOffset));
        U16(HeaderOffset + 4, 0x8664);
        U16(HeaderOffset + 6, 1);
        U16(HeaderOffset + 20, 112 + (16 * 8));
        U16(HeaderOffset + 22, 0x22E);
        int optional = HeaderOffset + 24;
        U16(optional, 0x20B);
        U32(optional + 16, 0x1000);
        U32(optional + 32, SectionAlignment);
        U32(optional + 36, FileAlignment);
        U32(optional + 56, 0x2000);
        U32(optional + 60, (uint)headersSize);
        U16(optional + 68, 10);
        U32(optional + 108, 16);
        U32(optional + 112 + (6 * 8), 0x1000 + DebugEntryAt);
        U32(optional + 112 + (6 * 8) + 4, 28);

        int section = optional + 112 + (16 * 8);
        ".text"u8.CopyTo(image.AsSpan(section));
        U32(section + 8, CodeSize);
        U32(section + 12, 0x1000);
        U32(section + 16, CodeSize);
        U32(section + 20, (uint)headersSize);
        U32(section + 36, 0x60000020);

        Span<byte> code = image.AsSpan(headersSize);
        for (int at = 0; at < code.Length; at++)
        {
            code[at] = (byte)(at * 7);
        }

        code.Slice(DebugEntryAt, 28).Clear();
        U32(headersSize + DebugEntryAt + 24, DebugData);
        return image;
    }
}

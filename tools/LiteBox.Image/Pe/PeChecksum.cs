using System;
using System.Buffers.Binary;

namespace LiteBox.Image.Pe;

/// <summary>The checksum of a PE image's optional header: the folded sum of its 16-bit words, the field itself left out, and its length.</summary>
internal static class PeChecksum
{
    public static uint Of(ReadOnlySpan<byte> image, int fieldOffset)
    {
        uint sum = 0;
        for (int offset = 0; offset < image.Length; offset += 2)
        {
            bool skipped = offset == fieldOffset || offset == fieldOffset + 2;
            uint word = offset + 1 < image.Length ? BinaryPrimitives.ReadUInt16LittleEndian(image[offset..]) : image[offset];
            sum += skipped ? 0 : word;
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum + (uint)image.Length;
    }
}

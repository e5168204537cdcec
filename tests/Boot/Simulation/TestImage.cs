using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace LiteBox.Boot.Tests.Simulation;

/// <summary>A unified kernel image as firmware has it in memory, and a small kernel to go into it.</summary>
internal static class TestImage
{
    public const ulong KernelStart = 0xFFFF_FFFF_8000_0000;
    private const int Header = 0x80;
    private const int OptionalHeaderSize = 240;

    /// <summary>Three segments, one page apart: code of 0x1800 bytes, constants, data with 0x3000 bytes of zeros behind.</summary>
    public static byte[] Kernel(bool writableCode = false, ulong entry = KernelStart + 0x10)
    {
        byte[] file = new byte[0x5000];
        BinaryPrimitives.WriteUInt64LittleEndian(file, 0x0001_0102_464C_457F);
        Write16(file, 16, 2);
        Write16(file, 18, 62);
        Write64(file, 24, entry);
        Write64(file, 32, 64);
        Write16(file, 54, 56);
        Write16(file, 56, 3);
        Segment(file, 0, writableCode ? 7u : 5u, 0x1000, KernelStart, 0x1800, 0x1800);
        Segment(file, 1, 4, 0x3000, KernelStart + 0x2000, 0x10, 0x10);
        Segment(file, 2, 6, 0x4000, KernelStart + 0x3000, 0x800, 0x3800);
        file.AsSpan(0x1000, 0x1800).Fill(0xC0);
        file.AsSpan(0x3000, 0x10).Fill(0xCC);
        file.AsSpan(0x4000, 0x800).Fill(0xDA);
        return file;
    }

    /// <summary>The image with these sections.</summary>
    public static byte[] Of(params (string Name, byte[] Contents)[] sections)
    {
        List<byte> image = [.. new byte[0x1000]];
        byte[] headers = new byte[0x1000];
        headers[0] = (byte)'M';
        headers[1] = (byte)'Z';
        Write32(headers, 0x3C, Header);
        Write32(headers, Header, 0x4550);
        Write16(headers, Header + 6, (ushort)sections.Length);
        Write16(headers, Header + 20, OptionalHeaderSize);
        for (int i = 0; i < sections.Length; i++)
        {
            int entry = Header + 24 + OptionalHeaderSize + (40 * i);
            Encoding.ASCII.GetBytes(sections[i].Name).CopyTo(headers, entry);
            Write32(headers, entry + 8, (uint)sections[i].Contents.Length);
            Write32(headers, entry + 12, (uint)image.Count);
            image.AddRange(sections[i].Contents);
            image.AddRange(new byte[-image.Count & 0xFFF]);
        }

        byte[] bytes = [.. image];
        headers.CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>Offset of a field of the n-th section's header.</summary>
    public static int SectionField(int section, int field) => Header + 24 + OptionalHeaderSize + (40 * section) + field;

    private static void Segment(byte[] file, int index, uint flags, ulong offset, ulong address, ulong fileSize, ulong memorySize)
    {
        int header = 64 + (56 * index);
        Write32(file, header, 1);
        Write32(file, header + 4, flags);
        Write64(file, header + 8, offset);
        Write64(file, header + 16, address);
        Write64(file, header + 32, fileSize);
        Write64(file, header + 40, memorySize);
    }

    private static void Write16(byte[] bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(offset), value);

    private static void Write32(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    private static void Write64(byte[] bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);
}

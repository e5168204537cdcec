using System;
using System.Buffers.Binary;

namespace LiteBox.South.Diagnostics;

/// <summary>
/// The names of the kernel's functions as tools/SymbolTable writes them. It is part of the measured image; yet it is read with care, since
/// whoever reads it is reporting that something is broken.
/// </summary>
internal readonly ref struct SymbolTable
{
    /// <summary>Room that any name needs at most.</summary>
    public const int MaximumName = 256;

    private const uint Magic = 0x5953_424C; // "LBSY"
    private const int HeaderSize = 16;

    private readonly ReadOnlySpan<byte> bytes;

    public SymbolTable(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    /// <summary>
    /// The function that holds an address: its name is put into <paramref name="name"/>, of <see cref="MaximumName"/> bytes. False where
    /// the table has none.
    /// </summary>
    public bool TryResolve(ulong address, Span<byte> name, out int length, out ulong offset)
    {
        length = 0;
        offset = 0;
        if (bytes.Length < HeaderSize || name.Length < MaximumName || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            return false;
        }

        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(4));
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(8));
        int position = HeaderSize;
        for (uint i = 0; i < count && TryReadNumber(ref position, out ulong distance); i++)
        {
            if (address < start + distance)
            {
                offset = address - start;
                return i != 0 && length != 0;
            }

            start += distance;
            if (!TryReadName(ref position, name, ref length))
            {
                return false;
            }
        }

        return false;
    }

    private bool TryReadNumber(ref int position, out ulong number)
    {
        number = 0;
        for (int shift = 0; shift < 64 && position < bytes.Length; shift += 7)
        {
            byte value = bytes[position++];
            number |= (ulong)(value & 0x7F) << shift;
            if (value < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryReadName(ref int position, Span<byte> name, ref int length)
    {
        if (position > bytes.Length - 2)
        {
            return false;
        }

        int shared = bytes[position];
        int own = bytes[position + 1];
        position += 2;
        if (shared > length || own > bytes.Length - position || shared + own > MaximumName)
        {
            return false;
        }

        bytes.Slice(position, own).CopyTo(name.Slice(shared));
        position += own;
        length = shared + own;
        return true;
    }
}

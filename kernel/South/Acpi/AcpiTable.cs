using System;
using System.Buffers.Binary;

namespace LiteBox.South.Acpi;

/// <summary>
/// One ACPI table whose length and checksum have been checked (ACPI 6.5, 5.2.6). Fields are read through bounds checks: an offset outside the table
/// reads as zero, as a field does that an older version of the table lacks.
/// </summary>
internal readonly ref struct AcpiTable
{
    /// <summary>Bytes of the header that all tables begin with.</summary>
    public const int HeaderSize = 36;

    /// <summary>Longer than any table that is read here.</summary>
    public const int MaximumSize = 1 << 16;

    private readonly ReadOnlySpan<byte> bytes;

    private AcpiTable(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    /// <summary>Bytes of the table, header included.</summary>
    public int Length => bytes.Length;

    /// <summary>The four characters at the start, as a little-endian number.</summary>
    public uint Signature => ReadUInt32(0);

    /// <summary>Takes the table at the start of the bytes. False where length or checksum is wrong.</summary>
    public static bool TryTake(ReadOnlySpan<byte> available, out AcpiTable table)
    {
        table = default;
        if (available.Length < HeaderSize)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(available.Slice(4));
        if (length is < HeaderSize or > MaximumSize || length > (uint)available.Length)
        {
            return false;
        }

        table = new AcpiTable(available.Slice(0, (int)length));
        return HasChecksum(table.bytes);
    }

    /// <summary>True where all bytes add up to zero (ACPI 6.5, 5.2.6: Checksum).</summary>
    public static bool HasChecksum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum = unchecked((byte)(sum + bytes[i]));
        }

        return sum == 0;
    }

    public byte ReadByte(int offset) => IsWithin(offset, 1) ? bytes[offset] : (byte)0;

    public ushort ReadUInt16(int offset) => IsWithin(offset, 2) ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(offset)) : (ushort)0;

    public uint ReadUInt32(int offset) => IsWithin(offset, 4) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(offset)) : 0;

    public ulong ReadUInt64(int offset) => IsWithin(offset, 8) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(offset)) : 0;

    private bool IsWithin(int offset, int size) => offset >= 0 && offset <= bytes.Length - size;
}

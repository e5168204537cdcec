using System.Runtime.CompilerServices;

namespace System.Buffers.Binary;

/// <summary>Integers in bytes of a named order.</summary>
public static class BinaryPrimitives
{
    public static byte ReverseEndianness(byte value) => value;

    [Intrinsic]
    public static ushort ReverseEndianness(ushort value) => (ushort)((value >> 8) | (value << 8));

    [Intrinsic]
    public static short ReverseEndianness(short value) => (short)ReverseEndianness((ushort)value);

    [Intrinsic]
    public static uint ReverseEndianness(uint value) =>
        (value >> 24) | ((value >> 8) & 0xFF00) | ((value << 8) & 0xFF0000) | (value << 24);

    [Intrinsic]
    public static int ReverseEndianness(int value) => (int)ReverseEndianness((uint)value);

    [Intrinsic]
    public static ulong ReverseEndianness(ulong value) =>
        ((ulong)ReverseEndianness((uint)value) << 32) | ReverseEndianness((uint)(value >> 32));

    [Intrinsic]
    public static long ReverseEndianness(long value) => (long)ReverseEndianness((ulong)value);

    public static short ReadInt16LittleEndian(ReadOnlySpan<byte> source) => Read<short>(source);

    public static short ReadInt16BigEndian(ReadOnlySpan<byte> source) => ReverseEndianness(Read<short>(source));

    public static bool TryReadInt16LittleEndian(ReadOnlySpan<byte> source, out short value) => TryRead(source, out value);

    public static bool TryReadInt16BigEndian(ReadOnlySpan<byte> source, out short value)
    {
        bool read = TryRead(source, out value);
        value = ReverseEndianness(value);
        return read;
    }

    public static void WriteInt16LittleEndian(Span<byte> destination, short value) => Write(destination, value);

    public static void WriteInt16BigEndian(Span<byte> destination, short value) => Write(destination, ReverseEndianness(value));

    public static bool TryWriteInt16LittleEndian(Span<byte> destination, short value) => TryWrite(destination, value);

    public static bool TryWriteInt16BigEndian(Span<byte> destination, short value) => TryWrite(destination, ReverseEndianness(value));

    public static ushort ReadUInt16LittleEndian(ReadOnlySpan<byte> source) => Read<ushort>(source);

    public static ushort ReadUInt16BigEndian(ReadOnlySpan<byte> source) => ReverseEndianness(Read<ushort>(source));

    public static bool TryReadUInt16LittleEndian(ReadOnlySpan<byte> source, out ushort value) => TryRead(source, out value);

    public static bool TryReadUInt16BigEndian(ReadOnlySpan<byte> source, out ushort value)
    {
        bool read = TryRead(source, out value);
        value = ReverseEndianness(value);
        return read;
    }

    public static void WriteUInt16LittleEndian(Span<byte> destination, ushort value) => Write(destination, value);

    public static void WriteUInt16BigEndian(Span<byte> destination, ushort value) => Write(destination, ReverseEndianness(value));

    public static bool TryWriteUInt16LittleEndian(Span<byte> destination, ushort value) => TryWrite(destination, value);

    public static bool TryWriteUInt16BigEndian(Span<byte> destination, ushort value) => TryWrite(destination, ReverseEndianness(value));

    public static int ReadInt32LittleEndian(ReadOnlySpan<byte> source) => Read<int>(source);

    public static int ReadInt32BigEndian(ReadOnlySpan<byte> source) => ReverseEndianness(Read<int>(source));

    public static bool TryReadInt32LittleEndian(ReadOnlySpan<byte> source, out int value) => TryRead(source, out value);

    public static bool TryReadInt32BigEndian(ReadOnlySpan<byte> source, out int value)
    {
        bool read = TryRead(source, out value);
        value = ReverseEndianness(value);
        return read;
    }

    public static void WriteInt32LittleEndian(Span<byte> destination, int value) => Write(destination, value);

    public static void WriteInt32BigEndian(Span<byte> destination, int value) => Write(destination, ReverseEndianness(value));

    public static bool TryWriteInt32LittleEndian(Span<byte> destination, int value) => TryWrite(destination, value);

    public static bool TryWriteInt32BigEndian(Span<byte> destination, int value) => TryWrite(destination, ReverseEndianness(value));

    public static uint ReadUInt32LittleEndian(ReadOnlySpan<byte> source) => Read<uint>(source);

    public static uint ReadUInt32BigEndian(ReadOnlySpan<byte> source) => ReverseEndianness(Read<uint>(source));

    public static bool TryReadUInt32LittleEndian(ReadOnlySpan<byte> source, out uint value) => TryRead(source, out value);

    public static bool TryReadUInt32BigEndian(ReadOnlySpan<byte> source, out uint value)
    {
        bool read = TryRead(source, out value);
        value = ReverseEndianness(value);
        return read;
    }

    public static void WriteUInt32LittleEndian(Span<byte> destination, uint value) => Write(destination, value);

    public static void WriteUInt32BigEndian(Span<byte> destination, uint value) => Write(destination, ReverseEndianness(value));

    public static bool TryWriteUInt32LittleEndian(Span<byte> destination, uint value) => TryWrite(destination, value);

    public static bool TryWriteUInt32BigEndian(Span<byte> destination, uint value) => TryWrite(destination, ReverseEndianness(value));

    public static long ReadInt64LittleEndian(ReadOnlySpan<byte> source) => Read<long>(source);

    public static long ReadInt64BigEndian(ReadOnlySpan<byte> source) => ReverseEndianness(Read<long>(source));

    public static bool TryReadInt64LittleEndian(ReadOnlySpan<byte> source, out long value) => TryRead(source, out value);

    public static bool TryReadInt64BigEndian(ReadOnlySpan<byte> source, out long value)
    {
        bool read = TryRead(source, out value);
        value = ReverseEndianness(value);
        return read;
    }

    public static void WriteInt64LittleEndian(Span<byte> destination, long value) => Write(destination, value);

    public static void WriteInt64BigEndian(Span<byte> destination, long value) => Write(destination, ReverseEndianness(value));

    public static bool TryWriteInt64LittleEndian(Span<byte> destination, long value) => TryWrite(destination, value);

    public static bool TryWriteInt64BigEndian(Span<byte> destination, long value) => TryWrite(destination, ReverseEndianness(value));

    public static ulong ReadUInt64LittleEndian(ReadOnlySpan<byte> source) => Read<ulong>(source);

    public static ulong ReadUInt64BigEndian(ReadOnlySpan<byte> source) => ReverseEndianness(Read<ulong>(source));

    public static bool TryReadUInt64LittleEndian(ReadOnlySpan<byte> source, out ulong value) => TryRead(source, out value);

    public static bool TryReadUInt64BigEndian(ReadOnlySpan<byte> source, out ulong value)
    {
        bool read = TryRead(source, out value);
        value = ReverseEndianness(value);
        return read;
    }

    public static void WriteUInt64LittleEndian(Span<byte> destination, ulong value) => Write(destination, value);

    public static void WriteUInt64BigEndian(Span<byte> destination, ulong value) => Write(destination, ReverseEndianness(value));

    public static bool TryWriteUInt64LittleEndian(Span<byte> destination, ulong value) => TryWrite(destination, value);

    public static bool TryWriteUInt64BigEndian(Span<byte> destination, ulong value) => TryWrite(destination, ReverseEndianness(value));

    // SAFETY (all below): the length of the bytes is checked against the size of the value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Read<T>(ReadOnlySpan<byte> source)
        where T : unmanaged =>
        source.Length >= Unsafe.SizeOf<T>() ? Unsafe.ReadUnaligned<T>(in source._reference) : ThrowTooShort<T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryRead<T>(ReadOnlySpan<byte> source, out T value)
        where T : unmanaged
    {
        if (source.Length < Unsafe.SizeOf<T>())
        {
            value = default;
            return false;
        }

        value = Unsafe.ReadUnaligned<T>(in source._reference);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write<T>(Span<byte> destination, T value)
        where T : unmanaged
    {
        if (destination.Length < Unsafe.SizeOf<T>())
        {
            ThrowTooShort();
        }

        Unsafe.WriteUnaligned(ref destination._reference, value);
    }

    private static T ThrowTooShort<T>() => throw new ArgumentOutOfRangeException("source");

    private static void ThrowTooShort() => throw new ArgumentOutOfRangeException("destination");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryWrite<T>(Span<byte> destination, T value)
        where T : unmanaged
    {
        if (destination.Length < Unsafe.SizeOf<T>())
        {
            return false;
        }

        Unsafe.WriteUnaligned(ref destination._reference, value);
        return true;
    }
}

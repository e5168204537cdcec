using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The base of all enums. An image holds no names of members, so an enum prints as its number.</summary>
public abstract unsafe class Enum : ValueType, IComparable, ISpanFormattable
{
    [Intrinsic]
    public bool HasFlag(Enum flag)
    {
        ulong wanted = flag.ToUInt64();
        return (ToUInt64() & wanted) == wanted;
    }

    public override bool Equals(object? obj) =>
        obj is Enum other && this.GetMethodTable() == other.GetMethodTable() && ToUInt64() == other.ToUInt64();

    public override int GetHashCode()
    {
        ulong value = ToUInt64();
        return this.GetMethodTable()->ValueTypeSize == 8 ? (int)value ^ (int)(value >> 32) : (int)value;
    }

    public int CompareTo(object? target) => target is not Enum other ? 1
        : IsSigned ? ((long)ToUInt64()).CompareTo((long)other.ToUInt64())
        : ToUInt64().CompareTo(other.ToUInt64());

    public override string ToString() => Number.ToString(ToUInt64(), null, 64, IsSigned);

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Number.TryFormat(ToUInt64(), IsSigned, format, 64, destination, out charsWritten);

    private bool IsSigned => this.GetMethodTable()->ElementType is
        EETypeElementType.SByte or EETypeElementType.Int16 or EETypeElementType.Int32 or EETypeElementType.Int64;

    // SAFETY: the element type of the method table says which integer the box holds.
    private ulong ToUInt64()
    {
        ref byte data = ref this.GetRawData();
        return this.GetMethodTable()->ElementType switch
        {
            EETypeElementType.SByte => (ulong)(sbyte)data,
            EETypeElementType.Byte or EETypeElementType.Boolean => data,
            EETypeElementType.Int16 => (ulong)Unsafe.As<byte, short>(ref data),
            EETypeElementType.UInt16 or EETypeElementType.Char => Unsafe.As<byte, ushort>(ref data),
            EETypeElementType.Int32 => (ulong)Unsafe.As<byte, int>(ref data),
            EETypeElementType.UInt32 => Unsafe.As<byte, uint>(ref data),
            _ => Unsafe.As<byte, ulong>(ref data),
        };
    }
}

using Internal.Runtime;

namespace System.Runtime.CompilerServices;

public static unsafe class RuntimeHelpers
{
    public static int OffsetToStringData => 12;

    [Intrinsic]
    public static extern bool IsReferenceOrContainsReferences<T>()
        where T : allows ref struct;

    [Intrinsic]
    public static extern bool IsBitwiseEquatable<T>();

    [Intrinsic]
    internal static extern bool IsReference<T>();

    [Intrinsic]
    public static extern void InitializeArray(Array array, RuntimeFieldHandle fldHandle);

    [Intrinsic]
    public static extern ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle fldHandle);

    /// <summary>Objects do not move, so an object's address is its identity for as long as it lives.</summary>
    public static int GetHashCode(object? o)
    {
        // SAFETY: the address is only computed with, not followed.
        nuint address = *(nuint*)&o;
        return (int)(address >> 4) ^ (int)(address >> 32);
    }

    public static new bool Equals(object? left, object? right) => left == right;

    public static T[] GetSubArray<T>(T[] array, Range range)
    {
        (int offset, int length) = range.GetOffsetAndLength(array.Length);
        T[] slice = new T[length];
        Array.Copy(array, offset, slice, 0, length);
        return slice;
    }

    public static void RunClassConstructor(RuntimeTypeHandle type)
    {
    }

    [Intrinsic]
    public static bool IsKnownConstant<T>(T value) => false;

    // SAFETY: an object's data begins behind its method table pointer.
    internal static ref byte GetRawData(this object o) => ref Unsafe.As<RawData>(o).Data;

    internal static MethodTable* GetMethodTable(this object o) => o.m_pEEType;
}

// The compiler knows these two by name: an object, and an array, seen as their bytes.
internal sealed class RawData
{
    public byte Data;
}

internal sealed class RawArrayData
{
    public uint Length;
    public uint Padding;
    public byte Data;
}

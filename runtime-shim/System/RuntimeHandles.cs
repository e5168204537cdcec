using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace System;

// SAFETY (all members): the address of a method table, which is in the image for ever.
public readonly unsafe struct RuntimeTypeHandle : IEquatable<RuntimeTypeHandle>
{
    private readonly MethodTable* _value;

    internal RuntimeTypeHandle(MethodTable* value) => _value = value;

    public nint Value => (nint)_value;

    public bool Equals(RuntimeTypeHandle other) => _value == other._value;

    public override bool Equals(object? obj) => obj is RuntimeTypeHandle other && Equals(other);

    public override int GetHashCode() => _value == null ? 0 : (int)_value->HashCode;

    [Intrinsic]
    internal static nint ToIntPtr(RuntimeTypeHandle handle) => handle.Value;

    internal MethodTable* ToMethodTable() => _value;
}

public readonly struct RuntimeMethodHandle
{
    private readonly nint _value;

    public nint Value => _value;
}

public readonly struct RuntimeFieldHandle
{
    private readonly nint _value;

    internal RuntimeFieldHandle(nint value) => _value = value;

    public nint Value => _value;
}

public struct RuntimeArgumentHandle
{
}

public ref struct TypedReference
{
    private readonly nint _value;
    private readonly nint _type;
}

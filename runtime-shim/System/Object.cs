using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The root of all types. Its one field is what the compiler calls the method table.</summary>
public unsafe class Object
{
    // SAFETY: the allocator writes it before anybody has the object, and nothing writes it again.
    internal MethodTable* m_pEEType;

    public Object()
    {
    }

    ~Object()
    {
    }

    /// <summary>Names of types are not part of an image, so this is the empty string unless overridden.</summary>
    public virtual string? ToString() => "";

    public virtual bool Equals(object? obj) => this == obj;

    public virtual int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    public static bool Equals(object? left, object? right) => left == right || (left != null && right != null && left.Equals(right));

    public static bool ReferenceEquals(object? left, object? right) => left == right;

    [Intrinsic]
    public Type GetType() => Type.GetTypeFromMethodTable(m_pEEType);
}

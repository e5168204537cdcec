using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// The identity of a type, and nothing more: there is no reflection. <c>typeof(T) == typeof(int)</c> is decided by the compiler.
/// </summary>
public abstract unsafe class Type
{
    public abstract RuntimeTypeHandle TypeHandle { get; }

    [Intrinsic]
    public bool IsValueType => TypeHandle.ToMethodTable()->IsValueType;

    [Intrinsic]
    public bool IsEnum => TypeHandle.ToMethodTable()->IsEnum;

    [Intrinsic]
    public static Type GetTypeFromHandle(RuntimeTypeHandle handle) => GetTypeFromMethodTable(handle.ToMethodTable());

    // SAFETY: the compiler gives each type a word for its type object, filled in or zero.
    internal static RuntimeType GetTypeFromMethodTable(MethodTable* methodTable) =>
        Unsafe.AsRef<RuntimeType?>(methodTable->WritableData) ?? RuntimeType.Create(methodTable);

    [Intrinsic]
    public static bool operator ==(Type? left, Type? right) => (object?)left == right;

    [Intrinsic]
    public static bool operator !=(Type? left, Type? right) => (object?)left != right;

    public override bool Equals(object? obj) => (object)this == obj;

    public override int GetHashCode() => (int)TypeHandle.ToMethodTable()->HashCode;
}

/// <summary>
/// The one Type object of a type. The compiler makes those that it knows of, as a method table's address and a word of zeros; a reference here would be
/// laid out in front of them.
/// </summary>
internal sealed unsafe class RuntimeType : Type
{
    private static Created? s_created;

    private readonly MethodTable* _pUnderlyingEEType;

    private readonly nint _unused;

    private RuntimeType(MethodTable* methodTable) => _pUnderlyingEEType = methodTable;

    public override RuntimeTypeHandle TypeHandle => new(_pUnderlyingEEType);

    internal static RuntimeType Create(MethodTable* methodTable)
    {
        s_created = new Created(new RuntimeType(methodTable), s_created);
        Unsafe.AsRef<RuntimeType>(methodTable->WritableData) = s_created.Type;
        return s_created.Type;
    }

    /// <summary>Keeps alive what only the words of the types refer to, which the collector does not read.</summary>
    private sealed class Created(RuntimeType type, Created? before)
    {
        internal readonly RuntimeType Type = type;
        internal readonly Created? Before = before;
    }
}

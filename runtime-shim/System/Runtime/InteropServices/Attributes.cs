using System.Runtime.CompilerServices;

namespace System.Runtime.InteropServices;

public enum LayoutKind
{
    Sequential = 0,
    Extended = 1,
    Explicit = 2,
    Auto = 3,
}

public enum CharSet
{
    None = 1,
    Ansi = 2,
    Unicode = 3,
    Auto = 4,
}

public enum CallingConvention
{
    Winapi = 1,
    Cdecl = 2,
    StdCall = 3,
    ThisCall = 4,
    FastCall = 5,
}

public enum UnmanagedType
{
    Bool = 2,
    U1 = 4,
}

public sealed class StructLayoutAttribute(LayoutKind layoutKind) : Attribute
{
    public int Pack;
    public int Size;
    public CharSet CharSet;

    public LayoutKind Value => layoutKind;
}

public sealed class FieldOffsetAttribute(int offset) : Attribute
{
    public int Value => offset;
}

public sealed class InAttribute : Attribute;

public sealed class OutAttribute : Attribute;

public sealed class MarshalAsAttribute(UnmanagedType unmanagedType) : Attribute
{
    public UnmanagedType Value => unmanagedType;
}

public sealed class DllImportAttribute(string dllName) : Attribute
{
    public CallingConvention CallingConvention;
    public CharSet CharSet;
    public string? EntryPoint;
    public bool ExactSpelling;
    public bool PreserveSig = true;
    public bool SetLastError;

    public string Value => dllName;
}

/// <summary>A plain call to a linked symbol, without the bookkeeping of a managed-to-native transition.</summary>
public sealed class SuppressGCTransitionAttribute : Attribute;

public sealed class UnmanagedCallersOnlyAttribute : Attribute
{
    public Type[]? CallConvs;
    public string? EntryPoint;
}

public sealed class UnmanagedCallConvAttribute : Attribute
{
    public Type[]? CallConvs;
}

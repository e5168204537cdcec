using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>What a type is to compiled code: kinds, sizes, virtual methods, interfaces. ILC 10 lays it out; this only reads it.</summary>
internal unsafe struct MethodTable
{
    private const uint KindMask = 0x00030000;
    private const uint KindParameterized = 0x00020000;
    private const uint HasDispatchMapFlag = 0x00040000;
    private const uint HasFinalizerFlag = 0x00100000;
    private const uint HasSealedSlotsFlag = 0x00400000;
    private const uint HasVarianceFlag = 0x00800000;
    private const uint HasPointersFlag = 0x01000000;
    private const uint IsGenericFlag = 0x02000000;
    private const int ElementTypeShift = 26;
    private const uint ElementTypeBits = 0x1F;
    private const uint ValueTypePaddingMask = 0x00E0;
    private const int ValueTypePaddingShift = 5;
    private const uint NullableOffsetMask = 0x0700;
    private const int NullableOffsetShift = 8;

    /// <summary>The base size of a one-dimensional array: header, method table, length, padding.</summary>
    private const uint VectorBaseSize = 24;

    // The upper half of the flags is the same for all types. The lower half is the size of a component (arrays, strings) or more flags.
    private uint _flags;
    private uint _baseSize;
    private MethodTable* _relatedType;
    private ushort _virtualSlots;
    private ushort _interfaces;
    private uint _hashCode;

    /// <summary>The method table of a type that is known where the code is compiled.</summary>
    [Intrinsic]
    internal static extern MethodTable* Of<T>();

    internal readonly uint HashCode => _hashCode;

    /// <summary>Bytes from header to end, components not counted.</summary>
    internal readonly uint BaseSize => _baseSize;

    internal readonly bool HasComponents => (int)_flags < 0;

    internal readonly uint ComponentSize => HasComponents ? _flags & 0xFFFF : 0;

    internal readonly bool HasReferences => (_flags & HasPointersFlag) != 0;

    internal readonly EETypeElementType ElementType => (EETypeElementType)((_flags >> ElementTypeShift) & ElementTypeBits);

    internal readonly bool IsArray => ElementType is EETypeElementType.Array or EETypeElementType.SzArray;

    internal readonly bool IsVector => ElementType == EETypeElementType.SzArray;

    internal readonly bool IsInterface => ElementType == EETypeElementType.Interface;

    internal readonly bool IsValueType => ElementType < EETypeElementType.Class;

    internal readonly bool IsPrimitive => ElementType < EETypeElementType.ValueType;

    internal readonly bool IsNullable => ElementType == EETypeElementType.Nullable;

    internal readonly bool IsParameterized => (_flags & KindMask) == KindParameterized;

    internal readonly bool IsGeneric => (_flags & IsGenericFlag) != 0;

    internal readonly bool HasVariance => (_flags & HasVarianceFlag) != 0;

    /// <summary>An enum has the element type of its integer and, unlike the integer, Enum as its base.</summary>
    internal readonly bool IsEnum => IsPrimitive && _relatedType == Of<System.Enum>();

    internal readonly int Rank => IsVector ? 1 : (int)(_baseSize - VectorBaseSize) / (2 * sizeof(int));

    /// <summary>The element type of an array, the referent of a pointer, the base of a class.</summary>
    internal readonly MethodTable* ParameterType => _relatedType;

    internal readonly MethodTable* BaseType =>
        IsArray ? Of<System.Array>() : IsParameterized ? null : _relatedType;

    /// <summary>Bytes of a value of this type as a field or an element.</summary>
    internal readonly uint ValueTypeSize => _baseSize - (2 * (uint)sizeof(void*)) - ((_flags & ValueTypePaddingMask) >> ValueTypePaddingShift);

    /// <summary>Bytes from a nullable's start to its value.</summary>
    internal readonly uint NullableValueOffset => 1u << (int)((_flags & NullableOffsetMask) >> NullableOffsetShift);

    internal MethodTable* NullableType => GenericArgument(0);

    internal readonly int InterfaceCount => _interfaces;

    internal readonly int VirtualSlotCount => _virtualSlots;

    // SAFETY (all below): the compiler puts these tables behind the fixed part, in this order, and the flags say which are there.
    internal nint* VirtualSlots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (nint*)((byte*)Self + sizeof(MethodTable));
    }

    internal MethodTable** Interfaces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (MethodTable**)(VirtualSlots + _virtualSlots);
    }

    /// <summary>The word that holds the type object.</summary>
    internal void* WritableData => Follow(AfterInterfaces + 1);

    internal bool HasDispatchMap => (_flags & HasDispatchMapFlag) != 0;

    internal DispatchMap* DispatchMap => (DispatchMap*)Follow(AfterInterfaces + 2);

    internal nint SealedSlot(int index) => (nint)Follow((int*)Follow(SealedSlotsField) + index);

    internal MethodTable* GenericDefinition => (MethodTable*)Follow(GenericDefinitionField);

    internal int GenericArity => (int)GenericDefinition->_baseSize;

    internal MethodTable* GenericArgument(int index)
    {
        int* list = GenericDefinitionField + 1;
        return (MethodTable*)Follow((GenericArity == 1 ? list : (int*)Follow(list)) + index);
    }

    /// <summary>One byte for each parameter of a generic interface or delegate that has variance; null for others.</summary>
    internal GenericVariance* Variance => !HasVariance ? null
        : IsGeneric ? GenericDefinition->Variance
        : (GenericVariance*)Follow(GenericDefinitionField);

    private MethodTable* Self
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (MethodTable*)Unsafe.AsPointer(ref this);
    }

    // Each field from here on is a 32-bit distance from the field itself: type manager, writable data, then the optional ones.
    private int* AfterInterfaces => (int*)(Interfaces + _interfaces);

    private int* SealedSlotsField => AfterInterfaces + 2 + (HasDispatchMap ? 1 : 0) + ((_flags & HasFinalizerFlag) != 0 ? 1 : 0);

    private int* GenericDefinitionField => SealedSlotsField + ((_flags & HasSealedSlotsFlag) != 0 ? 1 : 0);

    private static byte* Follow(int* distance) => (byte*)distance + *distance;
}

internal enum EETypeElementType
{
    Unknown = 0,
    Void = 1,
    Boolean = 2,
    Char = 3,
    SByte = 4,
    Byte = 5,
    Int16 = 6,
    UInt16 = 7,
    Int32 = 8,
    UInt32 = 9,
    Int64 = 10,
    UInt64 = 11,
    IntPtr = 12,
    UIntPtr = 13,
    Single = 14,
    Double = 15,
    ValueType = 16,
    Nullable = 18,
    Class = 20,
    Interface = 21,
    SystemArray = 22,
    Array = 23,
    SzArray = 24,
    ByRef = 25,
    Pointer = 26,
    FunctionPointer = 27,
}

internal enum GenericVariance : byte
{
    NonVariant = 0,
    Covariant = 1,
    Contravariant = 2,
    ArrayCovariant = 32,
}

using Internal.Runtime;
using LiteBox.Runtime;
using System.Runtime.CompilerServices;

namespace System.Runtime;

/// <summary>Structs as objects and back, by the names under which the compiler looks for them.</summary>
internal static unsafe class RuntimeExports
{
    // SAFETY (all): the method table says how many bytes the value and its box have.
    [RuntimeExport("RhBox")]
    private static object? RhBox(MethodTable* type, ref byte value)
    {
        ref byte source = ref value;
        if (type->IsNullable)
        {
            if (value == 0)
            {
                return null;
            }

            source = ref Unsafe.Add(ref value, (nuint)type->NullableValueOffset);
            type = type->NullableType;
        }

        object box = Allocator.New(type);
        Buffer.Memmove(ref box.GetRawData(), ref source, type->ValueTypeSize);
        return box;
    }

    [RuntimeExport("RhUnbox2")]
    private static ref byte RhUnbox2(MethodTable* type, object box)
    {
        if (!MayUnbox(box.GetMethodTable(), type))
        {
            FailFast.Stop("InvalidCastException");
        }

        return ref box.GetRawData();
    }

    [RuntimeExport("RhUnboxTypeTest")]
    private static void RhUnboxTypeTest(MethodTable* type, MethodTable* boxType)
    {
        if (!MayUnbox(boxType, type))
        {
            FailFast.Stop("InvalidCastException");
        }
    }

    [RuntimeExport("RhUnboxNullable")]
    private static void RhUnboxNullable(ref byte destination, MethodTable* type, object? box)
    {
        if (box == null)
        {
            Buffer.Zero(ref destination, type->ValueTypeSize);
            return;
        }

        MethodTable* valueType = type->NullableType;
        if (!MayUnbox(box.GetMethodTable(), valueType))
        {
            FailFast.Stop("InvalidCastException");
        }

        destination = 1;
        Buffer.Memmove(ref Unsafe.Add(ref destination, (nuint)type->NullableValueOffset), ref box.GetRawData(), valueType->ValueTypeSize);
    }

    internal static object RhNewObject(MethodTable* type) => Allocator.New(type);

    internal static object RhNewArray(MethodTable* type, int length) => Allocator.NewArray(type, length);

    // An enum and its integer unbox as each other: ECMA-335 III.4.32.
    private static bool MayUnbox(MethodTable* box, MethodTable* type) =>
        box == type || (box->ElementType == type->ElementType && box->IsPrimitive && type->IsPrimitive);
}

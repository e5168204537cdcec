using LiteBox.Runtime;
using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>What <c>new</c> compiles to.</summary>
internal static unsafe class Allocator
{
    private const uint LongestArray = 0x7FFFFFC7;

    internal static object New(MethodTable* type)
    {
        void* memory = FreeLists.Allocate(type->BaseSize);
        *(MethodTable**)memory = type;
        return *(object*)&memory;
    }

    internal static object NewArray(MethodTable* type, int length)
    {
        if ((uint)length > LongestArray)
        {
            FailFast.Stop(length < 0 ? "OverflowException" : "OutOfMemoryException");
        }

        // SAFETY: an array is header, method table, length, padding, then that many components; rounded up to 8 for the next object.
        nuint bytes = (type->BaseSize + ((nuint)(uint)length * type->ComponentSize) + 7) & ~(nuint)7;
        void* memory = FreeLists.Allocate(bytes);
        *(MethodTable**)memory = type;
        *((int*)memory + 2) = length;
        return *(object*)&memory;
    }

    [RuntimeExport("RhpNewFast")]
    private static object NewFast(MethodTable* type) => New(type);

    [RuntimeExport("RhNewObject")]
    private static object NewObject(MethodTable* type) => New(type);

    [RuntimeExport("RhpNewFinalizable")]
    private static object NewFinalizable(MethodTable* type) => New(type);

    [RuntimeExport("RhpNewArrayFast")]
    private static object NewArrayFast(MethodTable* type, nint length) => NewArray(type, Checked(length));

    [RuntimeExport("RhpNewPtrArrayFast")]
    private static object NewReferenceArray(MethodTable* type, nint length) => NewArray(type, Checked(length));

    [RuntimeExport("RhNewArray")]
    private static object NewAnyArray(MethodTable* type, nint length) => NewArray(type, Checked(length));

    [RuntimeExport("RhNewString")]
    private static object NewString(MethodTable* type, nint length) => NewArray(type, Checked(length));

    private static int Checked(nint length)
    {
        if ((nuint)length > LongestArray)
        {
            FailFast.Stop(length < 0 ? "OverflowException" : "OutOfMemoryException");
        }

        return (int)length;
    }
}

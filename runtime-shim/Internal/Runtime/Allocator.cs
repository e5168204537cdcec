using LiteBox.Runtime;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>What <c>new</c> compiles to. The fast path is in the stubs; here is what they jump to, and how C# calls them.</summary>
internal static unsafe class Allocator
{
    private const uint LongestArray = 0x7FFFFFC7;

    [RuntimeImport("RhpNewFast"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern object New(MethodTable* type);

    [RuntimeImport("RhpNewArrayFast"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern object NewArray(MethodTable* type, nint length);

    [RuntimeExport("LiteBoxNewSlowly")]
    private static object NewSlowly(MethodTable* type)
    {
        void* memory = FreeLists.AllocateSlowly(type->BaseSize);
        *(MethodTable**)memory = type;
        return *(object*)&memory;
    }

    [RuntimeExport("LiteBoxNewArraySlowly")]
    private static object NewArraySlowly(MethodTable* type, nint length)
    {
        if ((nuint)length > LongestArray)
        {
            FailFast.Stop(length < 0 ? "OverflowException" : "OutOfMemoryException");
        }

        // SAFETY: an array is header, method table, length, padding, then that many components; rounded up to 8 for the next object.
        nuint bytes = (type->BaseSize + ((nuint)length * type->ComponentSize) + 7) & ~(nuint)7;
        void* memory = FreeLists.AllocateSlowly(bytes);
        *(MethodTable**)memory = type;
        *((int*)memory + 2) = (int)length;
        return *(object*)&memory;
    }

    [RuntimeExport("RhNewObject")]
    private static object NewObject(MethodTable* type) => New(type);

    [RuntimeExport("RhpNewFinalizable")]
    private static object NewFinalizable(MethodTable* type) => New(type);

    [RuntimeExport("RhNewArray")]
    private static object NewAnyArray(MethodTable* type, nint length) => NewArray(type, length);
}

using LiteBox.Runtime;
using System;
using System.Runtime.CompilerServices;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>Arrays of several dimensions. The element accessors come from the compiler.</summary>
internal static unsafe class ArrayHelpers
{
    // SAFETY: behind the length lie the lengths of the dimensions, then their lower bounds, which are zero.
    private static Array NewObjArray(MethodTable* type, int dimensions, int* lengths)
    {
        ulong total = 1;
        for (int i = 0; i < dimensions; i++)
        {
            if (lengths[i] < 0)
            {
                FailFast.Stop("OverflowException");
            }

            total *= (uint)lengths[i];
            if (total > int.MaxValue)
            {
                FailFast.Stop("OutOfMemoryException");
            }
        }

        Array array = Unsafe.As<Array>(Allocator.NewArray(type, (int)total));
        ref int bounds = ref Unsafe.As<byte, int>(ref Unsafe.As<RawArrayData>(array).Data);
        for (int i = 0; i < dimensions; i++)
        {
            Unsafe.Add(ref bounds, i) = lengths[i];
        }

        return array;
    }

    private static Array NewObjArrayRare(MethodTable* type, int dimensions, int* lengths)
    {
        FailFast.Stop("NotSupportedException", "Arrays with lower bounds.");
        return null;
    }
}

using System;
using System.Runtime.CompilerServices;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>What <c>typeof</c> compiles to when the type has to be an object, and the token of a field.</summary>
// SAFETY (all members): compiled code passes addresses of method tables and of the compiler's own data; they are kept, not followed.
internal static unsafe class LdTokenHelpers
{
    private static RuntimeTypeHandle GetRuntimeTypeHandle(MethodTable* type) => new(type);

    private static Type GetRuntimeType(MethodTable* type) => Type.GetTypeFromMethodTable(type);

    // The scanner asks for it where a span over constants is made; the code generator puts the data's address there and never calls it.
    private static RuntimeFieldHandle GetRuntimeFieldHandle(nint pHandle) => new(pHandle);

    private static RuntimeMethodHandle GetRuntimeMethodHandle(nint handle) => Unsafe.BitCast<nint, RuntimeMethodHandle>(handle);
}

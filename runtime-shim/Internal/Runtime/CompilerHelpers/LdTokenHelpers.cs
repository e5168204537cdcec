using System;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>What <c>typeof</c> compiles to when the type has to be an object.</summary>
internal static unsafe class LdTokenHelpers
{
    private static RuntimeTypeHandle GetRuntimeTypeHandle(MethodTable* type) => new(type);

    private static Type GetRuntimeType(MethodTable* type) => Type.GetTypeFromMethodTable(type);
}

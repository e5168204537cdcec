using Internal.Runtime;

namespace System.Runtime.InteropServices;

/// <summary>The compiler knows the name and the method; nothing implements it.</summary>
public interface IDynamicInterfaceCastable
{
    // SAFETY: nothing is done with the pointer.
    internal static unsafe nint GetDynamicInterfaceImplementation(IDynamicInterfaceCastable instance, MethodTable* interfaceType, ushort slot) =>
        throw new NotSupportedException();
}

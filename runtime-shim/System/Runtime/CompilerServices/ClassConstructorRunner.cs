using Internal.Runtime;

namespace System.Runtime.CompilerServices;

/// <summary>What the compiler lays before the statics of a type whose constructor has to run at first use. Zero when it has run.</summary>
public struct StaticClassConstructionContext
{
    public nint cctorMethodAddress;
}

/// <summary>
/// Runs class constructors at first use. The kernel is not preempted, so there is no race; a constructor that
/// reaches its own type again sees the statics as far as they are, as in .NET.
/// </summary>
internal static unsafe class ClassConstructorRunner
{
    private static object CheckStaticClassConstructionReturnGCStaticBase(StaticClassConstructionContext* context, object gcStaticBase)
    {
        EnsureClassConstructorRun(context);
        return gcStaticBase;
    }

    private static nint CheckStaticClassConstructionReturnNonGCStaticBase(StaticClassConstructionContext* context, nint nonGcStaticBase)
    {
        EnsureClassConstructorRun(context);
        return nonGcStaticBase;
    }

    private static void EnsureClassConstructorRun(StaticClassConstructionContext* context)
    {
        nint constructor = context->cctorMethodAddress;
        if (constructor != 0)
        {
            context->cctorMethodAddress = 0;

            // SAFETY: the compiler put the address of a static method without parameters there.
            ((delegate*<void>)constructor)();
        }
    }
}

using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>Instructions that every x86-64 processor has.</summary>
public abstract class X86Base
{
    public static bool IsSupported
    {
        [Intrinsic]
        get => true;
    }

    [Intrinsic]
    public static void Pause() => Pause();
}

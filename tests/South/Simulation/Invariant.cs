using System;
using System.Diagnostics.CodeAnalysis;

namespace LiteBox.South.Memory;

/// <summary>Where the kernel would stop, a test sees this.</summary>
internal class MachineStoppedException(string what) : Exception(what);

internal static class Invariant
{
    [DoesNotReturn]
    public static void Broken(string what) => throw new MachineStoppedException(what);
}

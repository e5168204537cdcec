using System.Runtime.CompilerServices;

namespace System;

public static class Activator
{
    /// <summary>A new struct. For classes there is no reflection to find a constructor with.</summary>
    [Intrinsic]
    public static T CreateInstance<T>() => throw new NotSupportedException("There is no reflection.");
}

using System.Runtime.CompilerServices;

namespace System;

/// <summary>The part of .NET's GC that code written for both may call.</summary>
public static class GC
{
    /// <summary>Keeps an object alive up to here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [Intrinsic]
    public static void KeepAlive(object? obj)
    {
    }

    /// <summary>There are no finalizers.</summary>
    public static void SuppressFinalize(object obj)
    {
    }

    public static T[] AllocateUninitializedArray<T>(int length, bool pinned = false) => new T[length];
}

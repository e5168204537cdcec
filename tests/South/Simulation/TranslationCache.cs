using System.Collections.Generic;

namespace LiteBox.South.Memory;

/// <summary>Remembers what was flushed.</summary>
internal static class TranslationCache
{
    private static readonly HashSet<ulong> Flushed = [];

    public static ulong CurrentRoot { get; private set; }

    /// <summary>All of the current address space was flushed.</summary>
    public static bool IsAllFlushed { get; private set; }

    public static void StartWith(ulong root) => SwitchTo(root);

    public static void SwitchTo(ulong root)
    {
        CurrentRoot = root;
        InvalidateAll();
    }

    public static void Invalidate(ulong address) => Flushed.Add(address);

    public static void InvalidateAll() => IsAllFlushed = true;

    public static bool IsFlushed(ulong address) => IsAllFlushed || Flushed.Contains(address);

    public static void Forget()
    {
        IsAllFlushed = false;
        Flushed.Clear();
    }
}

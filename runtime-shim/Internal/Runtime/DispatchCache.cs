using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>
/// The slow half of an interface call. A cell starts with <c>RhpInitialDynamicInterfaceDispatch</c> as its code and a tagged reference
/// to the interface as its cache; after the first call the cache is a list of entries, newest last, that the stub walks.
/// </summary>
internal static unsafe partial class InterfaceDispatch
{
    /// <summary>A cell that has met more types than this resolves anew each time; no site of the house is that polymorphic.</summary>
    private const int LongestList = 32;

    private const nint TagMask = 3;
    private const nint InterfaceIsRelative = 3;

    private static DispatchEntryChunk? s_chunk;

    /// <summary>Called by the dispatch stubs on a miss: the code to jump to.</summary>
    [RuntimeExport("LiteBoxResolveDispatch")]
    internal static nint ResolveDispatch(MethodTable* type, DispatchCell* cell)
    {
        nint cache = cell->Cache;
        MethodTable* interfaceType;
        int slot;
        if ((cache & TagMask) == 0)
        {
            DispatchEntry* first = (DispatchEntry*)cache;
            interfaceType = first->InterfaceType;
            slot = first->Slot;
        }
        else
        {
            interfaceType = ReadInterface(cell);
            slot = ReadSlot(cell);
        }

        nint code = Resolve(type, interfaceType, slot);
        Learn(cell, type, code, interfaceType, slot);
        return code;
    }

    /// <summary>The code that an interface method means for an object: delegates to interface methods ask.</summary>
    [RuntimeExport("RhpResolveInterfaceMethod")]
    internal static nint ResolveMethod(object? target, nint dispatchCell)
    {
        if (target == null)
        {
            return 0;
        }

        // SAFETY: the compiler passes the address of a cell.
        DispatchCell* cell = (DispatchCell*)dispatchCell;
        if ((cell->Cache & TagMask) == 0)
        {
            for (DispatchEntry* entry = (DispatchEntry*)cell->Cache; entry != null; entry = entry->Next)
            {
                if (entry->Type == target.GetMethodTable())
                {
                    return entry->Code;
                }
            }
        }

        return ResolveDispatch(target.GetMethodTable(), cell);
    }

    // SAFETY (both): cells lie in runs, and a run ends with one whose code is zero and whose cache is the slot of all of them.
    private static MethodTable* ReadInterface(DispatchCell* cell)
    {
        nint cache = cell->Cache;
        return (MethodTable*)((cache & TagMask) == InterfaceIsRelative
            ? ((nint)(&cell->Cache) + (int)cache) & ~TagMask
            : cache & ~TagMask);
    }

    private static int ReadSlot(DispatchCell* cell)
    {
        while (cell->Code != 0)
        {
            cell++;
        }

        return (ushort)cell->Cache;
    }

    private static void Learn(DispatchCell* cell, MethodTable* type, nint code, MethodTable* interfaceType, int slot)
    {
        DispatchEntry** end = (cell->Cache & TagMask) == 0 ? (DispatchEntry**)&cell->Cache : null;
        for (int length = 0; end != null && *end != null; length++)
        {
            if (length == LongestList)
            {
                return;
            }

            end = &(*end)->Next;
        }

        DispatchEntry* entry = NewEntry();
        if (entry == null)
        {
            return;
        }

        *entry = new DispatchEntry { Type = type, Code = code, InterfaceType = interfaceType, Slot = slot };
        if (end != null)
        {
            *end = entry;
        }
        else
        {
            // An interrupt between the two stores sees the first stub with a list, which it can walk too.
            cell->Cache = (nint)entry;
            cell->Code = CachedDispatchStub();
        }
    }

    // SAFETY: objects do not move, and every chunk is reachable from the static field for ever.
    private static DispatchEntry* NewEntry()
    {
        if (s_chunk == null || s_chunk.Used == DispatchEntryChunk.Capacity)
        {
            s_chunk = new DispatchEntryChunk { Previous = s_chunk };
        }

        return (DispatchEntry*)Unsafe.AsPointer(ref s_chunk.Entries) + s_chunk.Used++;
    }

    [RuntimeImport("LiteBoxCachedDispatchAddress"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern nint LiteBoxCachedDispatchAddress();

    private static nint CachedDispatchStub() => LiteBoxCachedDispatchAddress();

    private sealed class DispatchEntryChunk
    {
        internal const int Capacity = 63;

        internal DispatchEntryChunk? Previous;
        internal int Used;
        internal EntryList Entries;
    }

    [InlineArray(DispatchEntryChunk.Capacity)]
    private struct EntryList
    {
        private DispatchEntry _first;
    }
}

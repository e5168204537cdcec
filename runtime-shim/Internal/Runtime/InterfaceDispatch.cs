using LiteBox.Runtime;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>Which methods of a type implement which methods of its interfaces: the class's own first, default implementations after.</summary>
internal unsafe struct DispatchMap
{
    private ushort _standardEntries;
    private ushort _defaultEntries;
    private ushort _standardStaticEntries;
    private ushort _defaultStaticEntries;
    private DispatchMapEntry _first;

    internal DispatchMapEntry* Entries => (DispatchMapEntry*)Unsafe.AsPointer(ref _first);

    internal readonly int StandardEntries => _standardEntries;

    internal readonly int AllEntries => _standardEntries + _defaultEntries;
}

internal struct DispatchMapEntry
{
    internal ushort InterfaceIndex;
    internal ushort InterfaceSlot;
    internal ushort ImplementationSlot;
}

/// <summary>
/// A call site of an interface method, as the compiler lays it out: a code address to jump to, and the description of the method.
/// The cell is a pair of such rows; the second row's code address is zero and its other half is the slot.
/// </summary>
internal unsafe struct DispatchCell
{
    internal nint Code;
    internal nint Cache;
}

/// <summary>Finds the method that an interface call means.</summary>
internal static unsafe partial class InterfaceDispatch
{
    private const ushort AmbiguousImplementation = 0xFFFE;
    private const ushort NoImplementation = 0xFFFF;

    internal static nint Resolve(MethodTable* type, MethodTable* interfaceType, int slot)
    {
        nint code = Search(type, interfaceType, slot, defaults: false);
        if (code == 0)
        {
            code = Search(type, interfaceType, slot, defaults: true);
        }

        if (code == 0)
        {
            FailFast.Stop("EntryPointNotFoundException");
        }

        return code;
    }

    private static nint Search(MethodTable* type, MethodTable* interfaceType, int slot, bool defaults)
    {
        for (MethodTable* current = type; current != null; current = current->BaseType)
        {
            // An exact match of the interface wins over one by variance, but only within one class.
            if (current->HasDispatchMap &&
                (TryFind(current, interfaceType, slot, defaults, variant: false, out ushort implementation) ||
                 TryFind(current, interfaceType, slot, defaults, variant: true, out implementation)))
            {
                if (implementation is AmbiguousImplementation or NoImplementation)
                {
                    FailFast.Stop("AmbiguousImplementationException");
                }

                // SAFETY: the compiler's slot numbers lie within the tables of the class that it wrote them for.
                return implementation < current->VirtualSlotCount
                    ? type->VirtualSlots[implementation]
                    : current->SealedSlot(implementation - current->VirtualSlotCount);
            }
        }

        return 0;
    }

    private static bool TryFind(MethodTable* type, MethodTable* interfaceType, int slot, bool defaults, bool variant, out ushort implementation)
    {
        DispatchMap* map = type->DispatchMap;
        DispatchMapEntry* end = map->Entries + (defaults ? map->AllEntries : map->StandardEntries);
        for (DispatchMapEntry* entry = map->Entries + (defaults ? map->StandardEntries : 0); entry != end; entry++)
        {
            if (entry->InterfaceSlot == slot)
            {
                MethodTable* candidate = type->Interfaces[entry->InterfaceIndex];
                if (variant ? TypeRelations.IsVariantMatch(candidate, interfaceType, type->IsArray) : candidate == interfaceType)
                {
                    implementation = entry->ImplementationSlot;
                    return true;
                }
            }
        }

        implementation = 0;
        return false;
    }
}

/// <summary>What interface call sites have learned: which type's method they mean.</summary>
internal unsafe struct DispatchEntry
{
    // The stub InterfaceDispatch reads the first three; tools/StubAssembler takes their offsets from this struct.
    internal MethodTable* Type;
    internal nint Code;
    internal DispatchEntry* Next;
    internal MethodTable* InterfaceType;
    internal int Slot;
}

using Internal.Runtime;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace LiteBox.Runtime;

/// <summary>
/// Finds what is alive. Roots: the bases of GC statics, objects in the image, and every word of the stacks that could be an address inside an
/// object. From there precisely, by the compiler's descriptions. The mark is the number of the collection, 1 or 2 in turn, in the header of the
/// object, so that no marks need clearing.
/// </summary>
internal static unsafe class Marker
{
    internal const uint MarkMask = 3;

    /// <summary>The object is marked, but its references have not been followed for want of room on the mark stack.</summary>
    private const uint PendingBit = 4;

    private const nuint StackBytes = 4 * Blocks.Bytes;

    private static delegate*<nuint, delegate*<nuint, nuint, void>, void> s_enumerateStacks;
    private static MethodTable*** s_stack;
    private static MethodTable*** s_stackEnd;
    private static MethodTable*** s_top;
    private static bool s_overflowed;
    private static nuint s_frozenStart;
    private static nuint s_frozenBytes;

    /// <summary>The mark of this collection, or of the last one.</summary>
    internal static uint Epoch { get; private set; } = 2;

    internal static void SetStackEnumerator(delegate*<nuint, delegate*<nuint, nuint, void>, void> enumerate) => s_enumerateStacks = enumerate;

    /// <summary>Takes the mark stack from the first region that has room for it, so that a collection never needs memory.</summary>
    internal static void EnsureStack()
    {
        if (s_stack == null && Regions.Count == 1)
        {
            s_stack = (MethodTable***)Blocks.TakePermanent(Regions.At(0), StackBytes);
            s_stackEnd = s_stack + (StackBytes / (nuint)sizeof(MethodTable**));
        }
    }

    internal static void MarkAll()
    {
        s_top = s_stack;
        s_overflowed = false;
        s_frozenStart = (nuint)Startup.FrozenStart;
        s_frozenBytes = (nuint)(Startup.FrozenEnd - Startup.FrozenStart);
        Epoch = MarkMask - Epoch;

        MarkStatics();
        MarkFrozenObjects();
        CallWithSpilledRegisters(&MarkStacks);
        Drain();
        while (s_overflowed)
        {
            s_overflowed = false;
            ResumePending();
        }
    }

    // SAFETY: an entry is the distance to a word that holds a reference once Startup has run.
    private static void MarkStatics()
    {
        for (byte* entry = Startup.GcStaticsStart; entry < Startup.GcStaticsEnd; entry += sizeof(int))
        {
            Mark((MethodTable**)*Startup.StaticBase(entry));
        }
    }

    // SAFETY: the compiler lays frozen objects end to end, each with a header before it and rounded up to a word.
    private static void MarkFrozenObjects()
    {
        byte* cell = Startup.FrozenStart;
        while (cell + sizeof(void*) < Startup.FrozenEnd) // a word of zeros comes behind the last one
        {
            MethodTable** obj = (MethodTable**)(cell + FreeLists.HeaderBytes);
            MethodTable* type = *obj;
            nuint bytes = SizeOf(obj, type);
            if (type->HasReferences)
            {
                Follow(obj, type, bytes);
                Drain();
            }

            cell += (bytes + 7) & ~(nuint)7;
        }
    }

    private static void MarkStacks(nuint stackPointer)
    {
        if (s_enumerateStacks != null)
        {
            s_enumerateStacks(stackPointer, &MarkRange);
        }
    }

    // SAFETY: the enumerator says that the range is a stack.
    private static void MarkRange(nuint low, nuint high)
    {
        for (nuint* word = (nuint*)((low + 7) & ~(nuint)7); word < (nuint*)high; word++)
        {
            MarkWord(*word);
        }

        Drain();
    }

    /// <summary>Marks the object that a word points to or into, if it does.</summary>
    private static void MarkWord(nuint word)
    {
        Region* region = Regions.Find(word);
        if (region == null)
        {
            return;
        }

        nuint offset = word - region->FirstBlock;
        int index = (int)(offset >> Blocks.Shift);
        Block* block = region->Blocks + index;
        byte* start = region->BlockAddress(index);
        switch (block->Kind)
        {
            case BlockKind.Cells:
                nuint cellBytes = SizeClasses.CellBytes(block->SizeClass);
                nuint cell = (offset & (Blocks.Bytes - 1)) / cellBytes;
                start += cell * cellBytes;
                if (cell >= Blocks.Bytes / cellBytes)
                {
                    return;
                }

                break;
            case BlockKind.LargeRest:
                start -= (nuint)block->Blocks << Blocks.Shift;
                break;
            case BlockKind.LargeStart:
                break;
            default:
                return;
        }

        // SAFETY: start is that of a cell or a large object. A run of the collector's own tables has no objects in it, and no free bit either.
        MethodTable** obj = (MethodTable**)(start + FreeLists.HeaderBytes);
        if (((nuint)(*obj) & FreeLists.FreeBit) == 0 && *obj != null && IsObject(region, start))
        {
            Mark(obj);
        }
    }

    private static bool IsObject(Region* region, byte* start) =>
        region->Blocks[(int)(((nuint)start - region->FirstBlock) >> Blocks.Shift)].Kind != BlockKind.Permanent;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mark(MethodTable** obj)
    {
        // Null, or an object of the image, which is a root anyway.
        if (obj == null || (nuint)obj - s_frozenStart < s_frozenBytes)
        {
            return;
        }

        uint* header = (uint*)((byte*)obj - FreeLists.HeaderBytes);
        uint flags = *header;
        if ((flags & MarkMask) == Epoch)
        {
            return;
        }

        *header = Epoch;
        if ((*obj)->HasReferences)
        {
            Push(obj, header);
        }
    }

    private static void Push(MethodTable** obj, uint* header)
    {
        if (s_top == s_stackEnd)
        {
            *header |= PendingBit;
            s_overflowed = true;
            return;
        }

        *s_top++ = obj;
    }

    private static void Drain()
    {
        while (s_top != s_stack)
        {
            MethodTable** obj = *--s_top;
            MethodTable* type = *obj;
            Follow(obj, type, SizeOf(obj, type));
        }
    }

    /// <summary>Bytes of an object from its header on.</summary>
    internal static nuint SizeOf(MethodTable** obj, MethodTable* type) =>
        type->HasComponents ? type->BaseSize + ((nuint)(*(uint*)(obj + 1)) * type->ComponentSize) : type->BaseSize;

    /// <summary>
    /// Marks what an object refers to. The description lies before the method table and reads backward: the number of series; then for each
    /// its first offset, and its length less the size of the object. A negative number is for arrays of structs: one first offset, and runs of
    /// references and gaps that repeat for each element.
    /// </summary>
    // SAFETY: the type has references, so it has a description, and the object is as large as its type and length say.
    private static void Follow(MethodTable** obj, MethodTable* type, nuint bytes)
    {
        nint* description = (nint*)type;
        nint series = description[-1];
        if (series > 0)
        {
            for (nint i = 0; i < series; i++)
            {
                nint offset = description[-2 - (2 * i)];
                nint length = description[-3 - (2 * i)] + (nint)bytes;
                MethodTable*** reference = (MethodTable***)((byte*)obj + offset);
                MethodTable*** end = (MethodTable***)((byte*)reference + length);
                for (; reference < end; reference++)
                {
                    Mark(*reference);
                }
            }

            return;
        }

        byte* element = (byte*)obj + description[-2];
        byte* objectEnd = (byte*)obj + bytes - FreeLists.HeaderBytes;
        while (element < objectEnd)
        {
            for (nint i = 0; i > series; i--)
            {
                uint* run = (uint*)(description - 3 + i);
                MethodTable*** reference = (MethodTable***)element;
                MethodTable*** end = reference + run[0];
                for (; reference < end; reference++)
                {
                    Mark(*reference);
                }

                element = (byte*)end + run[1];
            }
        }
    }

    private static void ResumePending()
    {
        for (int i = 0; i < Regions.Count; i++)
        {
            Region* region = Regions.At(i);
            for (int index = 0; index < region->BlockCount; index++)
            {
                Block* block = region->Blocks + index;
                if (block->Kind == BlockKind.Cells)
                {
                    nuint cellBytes = SizeClasses.CellBytes(block->SizeClass);
                    byte* start = region->BlockAddress(index);
                    for (nuint cell = 0; cell + cellBytes <= Blocks.Bytes; cell += cellBytes)
                    {
                        Resume(start + cell);
                    }
                }
                else if (block->Kind == BlockKind.LargeStart)
                {
                    Resume(region->BlockAddress(index));
                }
            }
        }
    }

    private static void Resume(byte* cell)
    {
        uint* header = (uint*)cell;
        MethodTable** obj = (MethodTable**)(cell + FreeLists.HeaderBytes);
        if (((nuint)(*obj) & FreeLists.FreeBit) == 0 && (*header & (MarkMask | PendingBit)) == (Epoch | PendingBit))
        {
            *header &= ~PendingBit;
            Follow(obj, *obj, SizeOf(obj, *obj));
            Drain();
        }
    }

    [RuntimeImport("LiteBoxCallWithSpilledRegisters"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void CallWithSpilledRegisters(delegate*<nuint, void> function);
}

using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace LiteBox.Runtime;

/// <summary>
/// Cells that are free, by size class. A cell is a header word, then the object, whose first word is its method table; in a free cell that word
/// is the address of the next free cell's same word, plus one. Method tables are aligned, so the low bit says what a cell is. All other words
/// of a free cell are zero. A list that is empty is 0 or 1.
/// </summary>
// SAFETY (all members): an address on a list, or one with the free bit, is that of a free cell of the list's class; the stubs reserve one list a class.
internal static unsafe class FreeLists
{
    internal const nuint FreeBit = 1;
    internal const nuint HeaderBytes = 8;

#if CHECKED_HEAP
    private const byte Poison = 0xDD;
    private const ulong RedZone = 0xFDFDFDFDFDFDFDFD;
    internal const nuint RedZoneBytes = 8;
#else
    internal const nuint RedZoneBytes = 0;
#endif

    // Where every allocation has to take the slow path, the lists are hidden here between allocations.
    private static Heads s_hidden;
    private static nuint* s_lists;
    private static bool s_torture;

    /// <summary>The lists themselves are with the stubs that take from them.</summary>
    internal static nuint* OfClasses => s_lists;

#if CHECKED_HEAP
    private static bool AlwaysSlow => true;
#else
    private static bool AlwaysSlow => s_torture;
#endif

    internal static void Initialize() => s_lists = Address();

    internal static bool Torture
    {
        get => s_torture;
        set
        {
            if (s_torture != value)
            {
                if (value)
                {
                    Hide();
                }
                else
                {
                    Show();
                }

                s_torture = value;
            }
        }
    }

    /// <summary>
    /// Room for an object of so many bytes, header included: the address of its first word, which the caller must write at once. The rest is zero.
    /// Stops the machine if there is no memory.
    /// </summary>
    internal static void* AllocateSlowly(nuint bytes)
    {
        if (s_torture)
        {
            Heap.Collect();
        }

        if (AlwaysSlow)
        {
            Show();
        }

        byte* memory = bytes + RedZoneBytes <= SizeClasses.Largest
            ? (byte*)TakeCell(SizeClasses.ClassOfGranules[(bytes + RedZoneBytes) >> 3])
            : AllocateLarge(bytes + RedZoneBytes);
        if (AlwaysSlow)
        {
            Hide();
        }

        Prepare(memory, bytes);
        return memory;
    }

    private static void* TakeCell(int sizeClass)
    {
        nuint* list = OfClasses + sizeClass;
        if (*list <= FreeBit)
        {
            byte* block = Blocks.TakeForCells(sizeClass);
            if (block == null)
            {
                FailFast.Stop("OutOfMemoryException");
            }

            *list = Divide(block, SizeClasses.CellBytes(sizeClass));
        }

        nuint head = *list;
        *list = *(nuint*)(head - FreeBit);
        return (void*)(head - FreeBit);
    }

    private static byte* AllocateLarge(nuint bytes)
    {
        byte* memory = Blocks.TakeForLarge(bytes);
        if (memory == null)
        {
            FailFast.Stop("OutOfMemoryException");
        }

        return memory + HeaderBytes;
    }

    /// <summary>Makes a list of the cells of a cleared block.</summary>
    private static nuint Divide(byte* block, nuint cellBytes)
    {
        byte* first = block + HeaderBytes;
        byte* last = first + (((Blocks.Bytes / cellBytes) - 1) * cellBytes);
        for (byte* cell = first; cell != last; cell += cellBytes)
        {
            *(nuint*)cell = (nuint)(cell + cellBytes) + FreeBit;
        }

        *(nuint*)last = FreeBit;
        return (nuint)first + FreeBit;
    }

    /// <summary>Makes a dead object's cell a free one, not yet on a list.</summary>
    internal static void Clear(byte* cell, nuint cellBytes)
    {
#if CHECKED_HEAP
        Buffer.Fill(ref *cell, Poison, cellBytes);
#else
        Buffer.Zero(ref *cell, cellBytes);
#endif
    }

#if CHECKED_HEAP
    // A cell that has been used before is full of poison: somebody who wrote to it after its death is found here. A new one is zero.
    private static void Prepare(byte* memory, nuint bytes)
    {
        byte* cell = memory - HeaderBytes;
        byte expected = *cell;
        for (nuint i = 0; i < bytes; i++)
        {
            bool isLink = i >= HeaderBytes && i < 2 * HeaderBytes;
            if (!isLink && cell[i] != expected)
            {
                FailFast.Stop("A dead object was written to.");
            }
        }

        Buffer.Zero(ref *cell, bytes);
        *(ulong*)(cell + bytes) = RedZone;
    }

    internal static void CheckRedZone(byte* cell, nuint bytes)
    {
        if (*(ulong*)(cell + bytes) != RedZone)
        {
            FailFast.Stop("Somebody wrote behind the end of an object.");
        }
    }
#else
    private static void Prepare(byte* memory, nuint bytes)
    {
    }

    internal static void CheckRedZone(byte* cell, nuint bytes)
    {
    }
#endif

    internal static void Forget()
    {
        ref Heads visible = ref *(Heads*)s_lists;
        visible = default;
        s_hidden = default;
    }

    /// <summary>After a sweep, which fills the lists that the stubs see.</summary>
    internal static void HideIfNeeded()
    {
        if (AlwaysSlow)
        {
            Hide();
        }
    }

    private static void Hide()
    {
        ref Heads visible = ref *(Heads*)s_lists;
        s_hidden = visible;
        visible = default;
    }

    // A collection in between has filled the visible lists, and the hidden ones are out of date.
    private static void Show()
    {
        nuint* visible = OfClasses;
        nuint* hidden = (nuint*)Unsafe.AsPointer(ref s_hidden);
        for (int i = 0; i < SizeClasses.Count; i++)
        {
            visible[i] = visible[i] > FreeBit ? visible[i] : hidden[i];
            hidden[i] = 0;
        }
    }

    [RuntimeImport("LiteBoxFreeListsAddress"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern nuint* Address();

    [InlineArray(SizeClasses.Count)]
    private struct Heads
    {
        private nuint _first;
    }
}

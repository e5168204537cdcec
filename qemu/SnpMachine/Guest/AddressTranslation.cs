using System.Runtime.CompilerServices;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Guest;

/// <summary>What became of a guest virtual address.</summary>
internal enum TranslationResult
{
    Mapped,

    /// <summary>The guest's own tables have no entry for it.</summary>
    NotPresent,

    /// <summary>A table of the guest is not in validated private memory.</summary>
    TableNotPrivate,
}

/// <summary>Walks the guest's page tables, as its processor does (APM volume 2, chapter 5): tables are always private memory.</summary>
internal static unsafe class AddressTranslation
{
    private const ulong Present = 1;
    private const ulong LargePage = 1 << 7;
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>Finds the guest-physical address, C-bit included. Without paging it is the virtual address with the C-bit set.</summary>
    public static TranslationResult ToGuestPhysical(Vmcb* vmcb, ulong address, out ulong physical)
    {
        physical = 0;
        if ((vmcb->Cr0 & ControlBits.Cr0Paging) == 0)
        {
            physical = (uint)address | NestedPaging.CBit;
            return TranslationResult.Mapped;
        }
        if ((vmcb->Efer & ControlBits.EferLongModeActive) != 0)
        {
            int levels = (vmcb->Cr4 & ControlBits.Cr4FiveLevels) != 0 ? 5 : 4;
            return Walk(vmcb->Cr3 & AddressMask, levels, address, out physical);
        }
        if ((vmcb->Cr4 & ControlBits.Cr4PhysicalAddressExtension) != 0)
        {
            ulong pointers = vmcb->Cr3 & 0xFFFF_FFE0;
            TranslationResult result = ReadEntry(pointers + 8 * (((uint)address >> 30) & 3), out ulong entry);
            return result != TranslationResult.Mapped ? result : Walk(entry & AddressMask, 2, (uint)address, out physical);
        }
        return WalkLegacy(vmcb, (uint)address, out physical);
    }

    private static TranslationResult Walk(ulong table, int levels, ulong address, out ulong physical)
    {
        physical = 0;
        for (int level = levels - 1; level >= 0; level--)
        {
            int shift = 12 + 9 * level;
            TranslationResult result = ReadEntry(table + 8 * ((address >> shift) & 511), out ulong entry);
            if (result != TranslationResult.Mapped)
            {
                return result;
            }
            ulong target = entry & AddressMask;
            if (level == 0 || (level <= 2 && (entry & LargePage) != 0))
            {
                ulong offset = (1UL << shift) - 1;
                physical = (target & ~offset) | (address & offset);
                return TranslationResult.Mapped;
            }
            table = target;
        }
        return TranslationResult.NotPresent;
    }

    // 32-bit entries have no room for a C-bit: everything they map is private (APM volume 2, 15.34.5).
    private static TranslationResult WalkLegacy(Vmcb* vmcb, uint address, out ulong physical)
    {
        physical = 0;
        TranslationResult result = ReadEntry((vmcb->Cr3 & 0xFFFF_F000) + 4 * (address >> 22), out ulong directory, 4);
        if (result != TranslationResult.Mapped)
        {
            return result;
        }
        if ((directory & LargePage) != 0)
        {
            physical = (directory & 0xFFC0_0000) | (address & 0x3F_FFFF) | NestedPaging.CBit;
            return TranslationResult.Mapped;
        }
        result = ReadEntry((directory & 0xFFFF_F000) + 4 * ((address >> 12) & 1023), out ulong entry, 4);
        physical = (entry & 0xFFFF_F000) | (address & 0xFFF) | NestedPaging.CBit;
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TranslationResult ReadEntry(ulong tableAddress, out ulong entry, int size = 8)
    {
        entry = 0;
        byte* memory = GuestMemory.Private(tableAddress & ~NestedPaging.CBit);
        if (memory == null)
        {
            return TranslationResult.TableNotPrivate;
        }
        // SAFETY: an entry is aligned to its size, so it does not leave its page.
        entry = size == 8 ? *(ulong*)memory : *(uint*)memory;
        return (entry & Present) == 0 ? TranslationResult.NotPresent : TranslationResult.Mapped;
    }

    /// <summary>
    /// Where the machine finds the byte at a guest virtual address, in the home that the C-bit and the reverse map select together;
    /// null when the guest could not have reached it either.
    /// </summary>
    public static byte* ToHost(Vmcb* vmcb, ulong address)
    {
        if (ToGuestPhysical(vmcb, address, out ulong physical) != TranslationResult.Mapped)
        {
            return null;
        }
        ulong plain = physical & ~NestedPaging.CBit;
        return (physical & NestedPaging.CBit) != 0 ? GuestMemory.Private(plain) : GuestMemory.Shared(plain, 1);
    }

    /// <summary>Reads up to eight bytes, which may lie on two pages.</summary>
    public static bool TryRead(Vmcb* vmcb, ulong address, int size, out ulong value)
    {
        ulong bytes = 0;
        bool isRead = TryRead(vmcb, address, (byte*)&bytes, size);
        value = bytes;
        return isRead;
    }

    /// <summary>Reads bytes, with one walk of the guest's tables for each page.</summary>
    // SAFETY (of both copies): a part does not leave its page, and ToHost answers for the page; the caller's buffer has "size" bytes.
    public static bool TryRead(Vmcb* vmcb, ulong address, byte* target, int size)
    {
        for (int done = 0; done < size;)
        {
            byte* memory = ToHost(vmcb, address + (ulong)done);
            if (memory == null)
            {
                return false;
            }
            for (int end = EndOfPart(address, done, size); done < end; done++)
            {
                target[done] = *memory++;
            }
        }
        return true;
    }

    /// <summary>Writes bytes, with one walk of the guest's tables for each page.</summary>
    public static bool TryWrite(Vmcb* vmcb, ulong address, byte* source, int size)
    {
        for (int done = 0; done < size;)
        {
            byte* memory = ToHost(vmcb, address + (ulong)done);
            if (memory == null)
            {
                return false;
            }
            for (int end = EndOfPart(address, done, size); done < end; done++)
            {
                *memory++ = source[done];
            }
        }
        return true;
    }

    // How many bytes are done when the page ends, or the whole.
    private static int EndOfPart(ulong address, int done, int size)
    {
        ulong left = PhysicalLayout.PageSize - (address + (ulong)done) % PhysicalLayout.PageSize;
        return left < (ulong)(size - done) ? done + (int)left : size;
    }
}

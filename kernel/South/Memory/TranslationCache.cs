using LiteBox.South.Instructions;

namespace LiteBox.South.Memory;

/// <summary>
/// The processor's copies of page-table entries (APM volume 2, 5.5). Entries that are not present are never cached, so only
/// changes of present ones need a flush. The tests have a class of the same name that keeps count.
/// </summary>
internal static class TranslationCache
{
    /// <summary>Physical address of the top-level table in use.</summary>
    public static ulong CurrentRoot { get; private set; }

    /// <summary>Says which table the processor was given by the boot loader.</summary>
    public static void StartWith(ulong root) => CurrentRoot = root;

    /// <summary>Switches to another address space; nothing happens where it is the current one.</summary>
    // SAFETY: the table maps the kernel as all do.
    public static void SwitchTo(ulong root)
    {
        if (CurrentRoot != root)
        {
            CurrentRoot = root;
            Instruction.WriteCr3(root | PageTableEntry.EncryptionMask);
        }
    }

    /// <summary>Forgets one page of the current address space.</summary>
    // SAFETY: a flush changes no memory.
    public static void Invalidate(ulong address) => Instruction.InvalidatePage(address);

    /// <summary>Forgets all pages of the current address space; the kernel's own stay.</summary>
    // SAFETY: as above.
    public static void InvalidateAll() => Instruction.WriteCr3(CurrentRoot | PageTableEntry.EncryptionMask);
}

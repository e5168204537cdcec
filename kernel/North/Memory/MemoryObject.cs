using LiteBox.Platform;

namespace LiteBox.North.Memory;

/// <summary>
/// Something that pages of a mapping come from: a file's page cache, shared anonymous memory, memfd. Shared mappings of one object see the
/// same frames.
/// </summary>
internal abstract class MemoryObject
{
    /// <summary>
    /// The frame that holds page <paramref name="index"/> (byte offset divided by 4096), made if need be. On success the caller owns one count
    /// of it. Fails with EFAULT beyond the object's end (SIGBUS for a mapping), ENOMEM when memory has run out.
    /// </summary>
    public abstract Abi.Errno TryGetPage(ulong index, out Frame frame);

    /// <summary>
    /// Like <see cref="TryGetPage"/> for a page that is there already and can be had without waiting: for mapping the neighbours of a page that
    /// was asked for. Objects that do not override it are mapped page by page.
    /// </summary>
    public virtual bool TryGetPresentPage(ulong index, out Frame frame)
    {
        frame = Frame.None;
        return false;
    }

    /// <summary>A mapping of it came into being or was copied: the object lives at least until the matching <see cref="Unmapped"/>.</summary>
    public abstract void Mapped();

    /// <summary>A mapping of it went away.</summary>
    public abstract void Unmapped();
}

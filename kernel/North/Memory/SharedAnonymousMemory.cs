using LiteBox.North.Files;
using LiteBox.Platform;

namespace LiteBox.North.Memory;

/// <summary>The pages of a shared anonymous mapping (MAP_SHARED | MAP_ANONYMOUS): a file without a name that lives while it is mapped.</summary>
internal sealed class SharedAnonymousMemory : PageCache
{
    /// <summary>Memory of this many bytes.</summary>
    public SharedAnonymousMemory(FrameAllocator frames, long length)
        : base(frames, null)
    {
        Resize(length);
    }

    /// <inheritdoc/>
    public override void Unmapped()
    {
        base.Unmapped();
        if (!IsMapped)
        {
            Clear();
        }
    }
}

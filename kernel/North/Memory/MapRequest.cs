using LiteBox.North.Files;
using LiteBox.Platform;

namespace LiteBox.North.Memory;

/// <summary>A mapping that somebody wants, already checked: page-aligned, and allowed by the open file.</summary>
internal readonly struct MapRequest
{
    /// <summary>Where, or a hint.</summary>
    public UserAddress Address { get; init; }

    /// <summary>Bytes, a multiple of the page size, not 0.</summary>
    public ulong Length { get; init; }

    public PageProtection Protection { get; init; }

    public AreaFlags Flags { get; init; }

    /// <summary>How far <see cref="Address"/> binds.</summary>
    public MapPlacement Placement { get; init; }

    public MemoryObject? Object { get; init; }

    public ulong ObjectPage { get; init; }

    public OpenFile? File { get; init; }

    /// <summary>See <see cref="MemoryArea.IsNeverWritable"/>.</summary>
    public bool IsNeverWritable { get; init; }
}

/// <summary>Where a mapping goes.</summary>
internal enum MapPlacement
{
    /// <summary>At the address if that is free, else anywhere.</summary>
    Hint,

    /// <summary>There, in the place of whatever is there (MAP_FIXED).</summary>
    Fixed,

    /// <summary>There, or EEXIST (MAP_FIXED_NOREPLACE).</summary>
    FixedIfFree,

    /// <summary>Anywhere below 2 GiB (MAP_32BIT).</summary>
    Low,
}

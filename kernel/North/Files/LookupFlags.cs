using System;

namespace LiteBox.North.Files;

/// <summary>How a path walk ends.</summary>
[Flags]
internal enum LookupFlags
{
    None = 0,

    /// <summary>A symbolic link as the last component is followed.</summary>
    Follow = 1,

    /// <summary>The end must be a directory (ENOTDIR).</summary>
    Directory = 2,

    /// <summary>An empty path is the start itself (AT_EMPTY_PATH).</summary>
    EmptyPath = 4,
}

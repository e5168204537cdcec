using System;

namespace LiteBox.North.Files;

/// <summary>Flags of mount(2) (include/uapi/linux/mount.h).</summary>
[Flags]
internal enum MountFlags
{
    None = 0,
    ReadOnly = 1,
    NoSetUserId = 2,
    NoDevices = 4,
    NoExecute = 8,
    Synchronous = 16,
    Remount = 32,
    NoAccessTime = 1024,
    NoDirectoryAccessTime = 2048,
    Bind = 4096,
    Move = 8192,
    Recursive = 16384,
    Silent = 32768,
    Unbindable = 1 << 17,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
    RelativeAccessTime = 1 << 21,

    /// <summary>What a mount keeps, and shows in /proc/mounts.</summary>
    Kept = ReadOnly | NoSetUserId | NoDevices | NoExecute | NoAccessTime | NoDirectoryAccessTime | RelativeAccessTime,
}

using System;
using LiteBox.Abi;

namespace LiteBox.North.Files;

/// <summary>The file systems that mount(2) can make, by name.</summary>
internal static class FileSystemTypes
{
    /// <summary>Makes (or finds) a file system. ENODEV for an unknown type, EINVAL for options it does not take.</summary>
    public static Errno Create(VirtualFileSystem fileSystems, ReadOnlySpan<byte> type, ReadOnlySpan<byte> options, out FileSystem? fileSystem)
    {
        fileSystem = null;
        if (type.SequenceEqual("tmpfs"u8) || type.SequenceEqual("ramfs"u8))
        {
            Errno error = TemporaryOptions.TryParse(options, fileSystems.Machine.Frames.TotalCount, out TemporaryOptions parsed);
            if (error == Errno.None)
            {
                fileSystem = parsed.Create(fileSystems, type.SequenceEqual("tmpfs"u8) ? "tmpfs" : "ramfs");
            }

            return error;
        }

        if (type.SequenceEqual("devtmpfs"u8))
        {
            fileSystem = fileSystems.DeviceFiles;
        }
        else if (type.SequenceEqual("proc"u8))
        {
            fileSystem = fileSystems.ProcessFiles;
        }
        else if (type.SequenceEqual("sysfs"u8))
        {
            fileSystem = fileSystems.SystemFiles;
        }
        else if (type.SequenceEqual("configfs"u8))
        {
            fileSystem = fileSystems.ConfigFiles;
        }

        return fileSystem is null ? Errno.ENODEV : Errno.None;
    }
}

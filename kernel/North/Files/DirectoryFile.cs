using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>An open directory. Its position is the directory's own kind of number: 0 and 1 are the dot entries.</summary>
internal sealed class DirectoryFile : OpenFile
{
    public DirectoryFile(in Location location, int flags)
        : base(location, flags)
    {
    }

    /// <inheritdoc/>
    public override Result Read(Task task, ref DataDestination destination) => Errno.EISDIR;

    /// <inheritdoc/>
    public override Result ReadAt(Task task, ref DataDestination destination, long position) => Errno.EISDIR;

    /// <inheritdoc/>
    public override Result Seek(long offset, int whence) => SeekWithoutEnd(offset, whence);

    /// <inheritdoc/>
    public override Errno List(Task task, ref DirectoryWriter writer)
    {
        Dentry self = Location.Dentry;
        if (self.IsRemoved)
        {
            return Errno.ENOENT;
        }

        if (Position == 0)
        {
            if (!writer.TryAdd("."u8, Inode.Number, FileMode.Directory, 1))
            {
                return Errno.None;
            }

            Position = 1;
        }

        if (Position == 1)
        {
            Inode parent = self.Parent is null ? Inode : self.Parent.Inode;
            if (!writer.TryAdd(".."u8, parent.Number, FileMode.Directory, 2))
            {
                return Errno.None;
            }

            Position = 2;
        }

        long position = Position;
        Errno error = ((DirectoryInode)Inode).List(task, self, ref position, ref writer);
        Position = position;
        return error;
    }
}

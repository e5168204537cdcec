using System;
using LiteBox.Abi;

namespace LiteBox.North.Files;

/// <summary>A directory of configfs in which programs make nothing; rmdir takes away one that a program made, whatever attributes are in it.</summary>
internal class ConfigDirectory : FixedDirectory
{
    public ConfigDirectory(FileSystem fileSystem)
        : base(fileSystem, 0x1ED) // 0755
    {
    }

    /// <inheritdoc/>
    public override bool IsEmpty => true;

    /// <inheritdoc/>
    public override Errno BeforeAttributeChange() => Errno.None;

    /// <inheritdoc/>
    public override Errno Create(Dentry self, ReadOnlySpan<byte> name, in NewFile newFile, out Dentry? child)
    {
        child = null;
        return (newFile.Mode & FileMode.TypeMask) == FileMode.Regular ? Errno.EACCES : Errno.EPERM;
    }
}

using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// configfs (Linux, Documentation/filesystems/configfs.rst): objects of the kernel that programs make by mkdir and end by rmdir. Every mount of the type
/// shows this one. Its only subsystem is tsm, which is there where the machine can be attested.
/// </summary>
internal sealed class ConfigFileSystem : FileSystem
{
    private readonly Dentry root;

    public ConfigFileSystem(VirtualFileSystem virtualFileSystem)
        : base(virtualFileSystem)
    {
        ConfigDirectory top = new(this);
        root = new Dentry(null, "/"u8, top);
        if (Machine.Attestation is { } attestation)
        {
            ConfigDirectory subsystem = new(this);
            subsystem.Add(top.Add(root, "tsm"u8, subsystem), "report"u8, new ReportsDirectory(this, attestation));
        }
    }

    /// <inheritdoc/>
    public override string TypeName => "configfs";

    /// <inheritdoc/>
    public override long Magic => 0x6265_6570; // CONFIGFS_MAGIC

    /// <inheritdoc/>
    public override Dentry Root => root;
}

using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>/sys (sysfs(5)): the few files that C libraries and runtimes read to learn about the processors.</summary>
internal sealed class SystemFileSystem : FileSystem
{
    private const uint Everybody = 0x124; // 0444
    private const uint DirectoryPermissions = 0x1ED; // 0755

    private readonly Dentry root;

    public SystemFileSystem(VirtualFileSystem virtualFileSystem)
        : base(virtualFileSystem)
    {
        FixedDirectory top = new(this);
        root = new Dentry(null, "/"u8, top);
        Dentry devices = AddDirectory(root, "devices"u8);
        AddDirectory(root, "fs"u8);
        AddDirectory(AddDirectory(root, "kernel"u8), "config"u8);
        AddDirectory(root, "block"u8);
        AddDirectory(root, "bus"u8);
        AddDirectory(root, "class"u8);
        AddDirectory(root, "dev"u8);
        AddDirectory(root, "firmware"u8);
        AddDirectory(root, "module"u8);
        AddDirectory(root, "power"u8);
        Dentry system = AddDirectory(devices, "system"u8);
        Dentry processors = AddDirectory(system, "cpu"u8);
        int count = Machine.ProcessorCount;
        AddRange(processors, "online"u8, count);
        AddRange(processors, "possible"u8, count);
        AddRange(processors, "present"u8, count);
        AddLine(processors, "kernel_max"u8, "8191\n"u8);
        AddLine(processors, "offline"u8, "\n"u8);
        for (int i = 0; i < count; i++)
        {
            TextWriter name = new();
            name.Add("cpu"u8);
            name.Add(i);
            Dentry processor = AddDirectory(processors, name.Written);
            Dentry topology = AddDirectory(processor, "topology"u8);
            TextWriter number = new();
            number.Add(i);
            number.Add((byte)'\n');
            AddLine(topology, "core_id"u8, number.Written);
            AddLine(topology, "physical_package_id"u8, "0\n"u8);
        }

        Dentry node = AddDirectory(AddDirectory(system, "node"u8), "node0"u8);
        AddRange(node, "cpulist"u8, count);
    }

    /// <inheritdoc/>
    public override string TypeName => "sysfs";

    /// <inheritdoc/>
    public override long Magic => 0x6265_6572; // SYSFS_MAGIC

    /// <inheritdoc/>
    public override Dentry Root => root;

    private Dentry AddDirectory(Dentry parent, ReadOnlySpan<byte> name) =>
        ((FixedDirectory)parent.Inode).Add(parent, name, new FixedDirectory(this, DirectoryPermissions));

    private void AddLine(Dentry parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> line)
    {
        byte[] text = line.ToArray();
        Add(parent, name, (Task reader, ref TextWriter writer) =>
        {
            writer.Add(text);
            return Errno.None;
        });
    }

    private void AddRange(Dentry parent, ReadOnlySpan<byte> name, int count) =>
        Add(parent, name, (Task reader, ref TextWriter writer) =>
        {
            SystemTexts.AddProcessorRange(count, ref writer);
            writer.Add((byte)'\n');
            return Errno.None;
        });

    private void Add(Dentry parent, ReadOnlySpan<byte> name, TextSource source) =>
        ((FixedDirectory)parent.Inode).Add(parent, name, new GeneratedText(this, Everybody, source) { ShownSize = 4096 });
}

using System;
using LiteBox.Abi;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.Randomness;
using LiteBox.North.Text;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>/proc/sys: the parameters that programs read (proc(5); linux-abi-paths.tsv). Those that mean nothing here keep what is written to them.</summary>
internal static class SystemParameters
{
    private const uint ReadOnly = 0x124; // 0444
    private const uint Writable = 0x1A4; // 0644

    public static void AddTo(FileSystem fileSystem, FixedDirectory directory, Dentry root)
    {
        Dentry parameters = AddDirectory(fileSystem, directory, root, "sys"u8);
        FixedDirectory top = (FixedDirectory)parameters.Inode;
        AddKernel(fileSystem, AddDirectory(fileSystem, top, parameters, "kernel"u8));
        AddMemory(fileSystem, AddDirectory(fileSystem, top, parameters, "vm"u8));
        AddFiles(fileSystem, AddDirectory(fileSystem, top, parameters, "fs"u8));
        Dentry network = AddDirectory(fileSystem, top, parameters, "net"u8);
        AddKept(fileSystem, AddDirectory(fileSystem, (FixedDirectory)network.Inode, network, "core"u8), "somaxconn"u8, 4096);
        AddFixed(fileSystem, AddDirectory(fileSystem, top, parameters, "crypto"u8), "fips_enabled"u8, 0);
    }

    private static void AddKernel(FileSystem fileSystem, Dentry self)
    {
        LinuxKernel kernel = fileSystem.VirtualFileSystem.Kernel;
        AddText(fileSystem, self, "ostype"u8, "Linux"u8);
        AddText(fileSystem, self, "osrelease"u8, LinuxVersion.Release);
        AddText(fileSystem, self, "version"u8, LinuxVersion.Version);
        AddName(fileSystem, self, "hostname"u8, () => kernel.HostName, name => kernel.HostName = name);
        AddName(fileSystem, self, "domainname"u8, () => kernel.DomainName, name => kernel.DomainName = name);
        AddFixed(fileSystem, self, "pid_max"u8, ProcessTable.Maximum);
        AddFixed(fileSystem, self, "threads-max"u8, kernel.MaximumTasks);
        AddFixed(fileSystem, self, "ngroups_max"u8, 65536);
        AddFixed(fileSystem, self, "cap_last_cap"u8, 40);
        AddKept(fileSystem, self, "tainted"u8, 0);
        AddKept(fileSystem, self, "panic"u8, 0);
        AddKept(fileSystem, self, "randomize_va_space"u8, 2);
        AddKept(fileSystem, self, "shmmni"u8, 4096);
        AddKept(fileSystem, self, "dmesg_restrict"u8, 0);
        AddKept(fileSystem, self, "core_uses_pid"u8, 0);
        AddKept(fileSystem, self, "sched_child_runs_first"u8, 0);
        AddText(fileSystem, self, "core_pattern"u8, "core"u8);
        AddText(fileSystem, self, "printk"u8, "7\t4\t1\t7"u8);
        Dentry random = AddDirectory(fileSystem, (FixedDirectory)self.Inode, self, "random"u8);
        AddFixed(fileSystem, random, "entropy_avail"u8, 256);
        AddFixed(fileSystem, random, "poolsize"u8, 256);
        byte[] bootId = MakeUuid(kernel.Random);
        AddText(fileSystem, random, "boot_id"u8, bootId);
        Add(fileSystem, random, "uuid"u8, ReadOnly, (Task reader, ref TextWriter text) =>
        {
            text.Add(MakeUuid(kernel.Random));
            text.Add((byte)'\n');
            return Errno.None;
        });
    }

    private static void AddMemory(FileSystem fileSystem, Dentry self)
    {
        AddKept(fileSystem, self, "overcommit_memory"u8, 1); // nothing is reserved: "always overcommit" is what this kernel does
        AddKept(fileSystem, self, "overcommit_ratio"u8, 50);
        AddKept(fileSystem, self, "swappiness"u8, 60);
        Add(fileSystem, self, "drop_caches"u8, Writable, NoCaches, DropCaches);
        AddFixed(fileSystem, self, "max_map_count"u8, AddressSpace.MaximumAreas);
        AddFixed(fileSystem, self, "mmap_min_addr"u8, (long)AddressSpace.LowestAddress);
        AddKept(fileSystem, self, "nr_hugepages"u8, 0);
    }

    private static Errno NoCaches(Task reader, ref TextWriter text)
    {
        text.Add("0\n"u8);
        return Errno.None;
    }

    // There are no caches to drop but the kernel's own garbage: collecting it is what a writer of this file wants (vm.drop_caches: free what can be
    // had again).
    private static Errno DropCaches(Task writer, ReadOnlySpan<byte> text)
    {
        if (!DecimalText.TryRead(ProcessTexts.TrimEnd(text), out int what) || what is < 1 or > 4)
        {
            return Errno.EINVAL;
        }

        writer.Kernel.Machine.Heap.Collect();
        return Errno.None;
    }

    private static void AddFiles(FileSystem fileSystem, Dentry self)
    {
        AddKept(fileSystem, self, "file-max"u8, long.MaxValue);
        AddFixed(fileSystem, self, "nr_open"u8, FileTable.MaximumCapacity);
        AddKept(fileSystem, self, "pipe-max-size"u8, Pipe.MaximumCapacity);
        AddKept(fileSystem, self, "protected_fifos"u8, 0);
        AddKept(fileSystem, self, "protected_hardlinks"u8, 0);
        AddKept(fileSystem, self, "protected_regular"u8, 0);
        AddKept(fileSystem, self, "protected_symlinks"u8, 0);
        AddKept(fileSystem, self, "suid_dumpable"u8, 0);
    }

    private static Dentry AddDirectory(FileSystem fileSystem, FixedDirectory directory, Dentry self, ReadOnlySpan<byte> name) =>
        directory.Add(self, name, new FixedDirectory(fileSystem));

    private static void Add(FileSystem fileSystem, Dentry self, ReadOnlySpan<byte> name, uint permissions, TextSource source, TextSink? sink = null) =>
        ((FixedDirectory)self.Inode).Add(self, name, new GeneratedText(fileSystem, permissions, source, sink));

    private static void AddText(FileSystem fileSystem, Dentry self, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte[] line = new byte[value.Length + 1];
        value.CopyTo(line);
        line[^1] = (byte)'\n';
        Add(fileSystem, self, name, ReadOnly, (Task reader, ref TextWriter text) =>
        {
            text.Add(line);
            return Errno.None;
        });
    }

    private static void AddFixed(FileSystem fileSystem, Dentry self, ReadOnlySpan<byte> name, long value) =>
        Add(fileSystem, self, name, ReadOnly, (Task reader, ref TextWriter text) =>
        {
            text.Add(value);
            text.Add((byte)'\n');
            return Errno.None;
        });

    private static void AddKept(FileSystem fileSystem, Dentry self, ReadOnlySpan<byte> name, long initial)
    {
        long value = initial;
        Add(
            fileSystem,
            self,
            name,
            Writable,
            (Task reader, ref TextWriter text) =>
            {
                text.Add(value);
                text.Add((byte)'\n');
                return Errno.None;
            },
            (writer, text) =>
            {
                if (!DecimalText.TryRead(ProcessTexts.TrimEnd(text), out int written))
                {
                    return Errno.EINVAL;
                }

                value = written;
                return Errno.None;
            });
    }

    private static void AddName(FileSystem fileSystem, Dentry self, ReadOnlySpan<byte> name, Func<byte[]> get, Action<byte[]> set)
    {
        const int LongestName = 64; // __NEW_UTS_LEN
        Add(
            fileSystem,
            self,
            name,
            Writable,
            (Task reader, ref TextWriter text) =>
            {
                text.Add(get());
                text.Add((byte)'\n');
                return Errno.None;
            },
            (writer, text) =>
            {
                ReadOnlySpan<byte> trimmed = ProcessTexts.TrimEnd(text);
                set(trimmed.Slice(0, Math.Min(trimmed.Length, LongestName)).ToArray());
                return Errno.None;
            });
    }

    /// <summary>A random UUID as text (RFC 9562, version 4).</summary>
    private static byte[] MakeUuid(RandomGenerator generator)
    {
        Span<byte> bytes = stackalloc byte[16];
        generator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        TextWriter text = new();
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i is 4 or 6 or 8 or 10)
            {
                text.Add((byte)'-');
            }

            text.AddHex(bytes[i], 2);
        }

        return text.ToArray();
    }
}

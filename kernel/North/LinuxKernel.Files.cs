using System;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Randomness;
using LiteBox.North.Terminals;

namespace LiteBox.North;

// What the kernel has of files: the tree, the generator behind /dev/random, and what the first process starts with.
public sealed partial class LinuxKernel
{
    /// <summary>The tree of mounted file systems.</summary>
    internal VirtualFileSystem FileSystems { get; }

    /// <summary>Random numbers for everybody.</summary>
    internal RandomGenerator Random { get; }

    /// <summary>Fills the root file system from the machine's initial RAM disk and gives that memory back.</summary>
    internal void FillRootFileSystem()
    {
        RootFileSystem.Outcome outcome = RootFileSystem.Fill(FileSystems, Machine.Initrd);
        Machine.ReleaseInitrd();
        if (outcome.IsDamaged)
        {
            Machine.Log("litebox: initrd: not a newc cpio archive, or a damaged one; what came before the damage is there");
        }

        if (outcome.FailureCount > 0)
        {
            Machine.Log($"litebox: initrd: {outcome.FailureCount} files could not be made");
        }
    }

    /// <summary>
    /// The first process's descriptors: 0, 1 and 2 are /dev/console of the root file system, as Linux opens it before it runs init
    /// (console_on_rootfs). Without that file there are none.
    /// </summary>
    internal FileTable OpenConsole()
    {
        FileTable table = new();
        Location root = new(FileSystems.Root, FileSystems.Root.Root);
        PathWalk walk = new(root);
        ulong console = DeviceNumbers.Make(5, 1);
        if (walk.Walk("dev/console"u8, LookupFlags.Follow) != Errno.None || walk.Current.Inode.DeviceNumber != console)
        {
            Machine.Log("litebox: unable to open an initial console");
            return table;
        }

        const int Flags = OpenFlags.ReadWrite | OpenFlags.LargeFile;
        TerminalFile file = new(walk.Current, Flags, FileSystems.Console.Terminal, hasJobControl: false);
        file.AddOwner();
        file.AddOwner();
        for (int i = 0; i < 3; i++)
        {
            table.Add(file, closeOnExecution: false, FileTable.MaximumCapacity);
        }

        return table;
    }
}

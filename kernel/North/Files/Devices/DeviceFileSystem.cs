using System;

namespace LiteBox.North.Files;

/// <summary>devtmpfs: a file system with a node for each device there is, named and owned as Linux does it (drivers/base/devtmpfs.c).</summary>
internal static class DeviceFileSystem
{
    private const uint Everybody = FileMode.CharacterDevice | 0x1B6; // 0666
    private const uint RootOnly = FileMode.CharacterDevice | 0x180; // 0600

    /// <summary>Makes the nodes and enters the memory devices into the table.</summary>
    public static TemporaryFileSystem Create(VirtualFileSystem fileSystems)
    {
        TemporaryFileSystem fileSystem = new(fileSystems, "devtmpfs", 0x1ED, isEarly: true); // 0755
        AddMemoryDevice(fileSystem, "null"u8, MemoryDevice.Null);
        AddMemoryDevice(fileSystem, "zero"u8, MemoryDevice.Zero);
        AddMemoryDevice(fileSystem, "full"u8, MemoryDevice.Full);
        AddMemoryDevice(fileSystem, "random"u8, MemoryDevice.Random);
        AddMemoryDevice(fileSystem, "urandom"u8, MemoryDevice.UnlimitedRandom);
        Add(fileSystem, "tty"u8, Everybody, 5, 0);
        Add(fileSystem, "console"u8, RootOnly, 5, 1);
        Add(fileSystem, "ttyS0"u8, RootOnly, 4, 64);
        if (fileSystems.Machine.Attestation is { } attestation)
        {
            fileSystems.Devices.Add(SevGuestDevice.Number, new SevGuestDevice(attestation));
            Add(fileSystem, "sev-guest"u8, RootOnly, DeviceNumbers.Major(SevGuestDevice.Number), DeviceNumbers.Minor(SevGuestDevice.Number));
        }

        return fileSystem;
    }

    private static void AddMemoryDevice(TemporaryFileSystem fileSystem, ReadOnlySpan<byte> name, uint minor)
    {
        fileSystem.VirtualFileSystem.Devices.Add(DeviceNumbers.Make(MemoryDevice.Major, minor), new MemoryDevice(minor));
        Add(fileSystem, name, Everybody, MemoryDevice.Major, minor);
    }

    private static void Add(TemporaryFileSystem fileSystem, ReadOnlySpan<byte> name, uint mode, uint major, uint minor)
    {
        DirectoryInode root = (DirectoryInode)fileSystem.Root.Inode;
        root.Create(fileSystem.Root, name, new NewFile(mode, 0, 0, DeviceNumbers.Make(major, minor)), out _);
    }
}

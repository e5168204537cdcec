using System;
using LiteBox.Abi;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>Mount options of tmpfs(5): size, nr_blocks, nr_inodes, mode, uid, gid.</summary>
internal struct TemporaryOptions
{
    private long bytes;
    private long inodes;
    private uint mode;
    private uint userId;
    private uint groupId;

    /// <summary>Reads options separated by commas. EINVAL for what tmpfs does not know.</summary>
    public static Errno TryParse(ReadOnlySpan<byte> text, long machineFrames, out TemporaryOptions options)
    {
        options = default;
        options.bytes = -1;
        options.inodes = -1;
        options.mode = TemporaryFileSystem.DefaultRootPermissions;
        while (text.Length > 0)
        {
            int comma = text.IndexOf((byte)',');
            ReadOnlySpan<byte> option = comma < 0 ? text : text.Slice(0, comma);
            text = comma < 0 ? default : text.Slice(comma + 1);
            if (option.Length > 0 && !options.TryTake(option, machineFrames))
            {
                return Errno.EINVAL;
            }
        }

        return Errno.None;
    }

    /// <summary>Makes a file system with these options.</summary>
    public readonly TemporaryFileSystem Create(VirtualFileSystem fileSystems, string typeName)
    {
        TemporaryFileSystem fileSystem = new(fileSystems, typeName, mode);
        fileSystem.SetLimits(bytes, inodes);
        fileSystem.Root.Inode.UserId = userId;
        fileSystem.Root.Inode.GroupId = groupId;
        return fileSystem;
    }

    private bool TryTake(ReadOnlySpan<byte> option, long machineFrames)
    {
        int equals = option.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? option : option.Slice(0, equals);
        ReadOnlySpan<byte> value = equals < 0 ? default : option.Slice(equals + 1);
        if (name.SequenceEqual("size"u8))
        {
            return TryReadSize(value, machineFrames, out bytes);
        }

        if (name.SequenceEqual("nr_blocks"u8))
        {
            bool isBlocks = TryReadSize(value, machineFrames, out long blocks) && blocks <= long.MaxValue / UserAddress.PageSize;
            bytes = isBlocks ? blocks * UserAddress.PageSize : 0;
            return isBlocks;
        }

        if (name.SequenceEqual("nr_inodes"u8))
        {
            return TryReadSize(value, machineFrames, out inodes);
        }

        if (name.SequenceEqual("mode"u8))
        {
            bool isMode = TryReadNumber(value, 8, out long number);
            mode = (uint)number & FileMode.PermissionMask;
            return isMode;
        }

        if (name.SequenceEqual("uid"u8))
        {
            bool isUser = TryReadNumber(value, 10, out long number);
            userId = (uint)number;
            return isUser;
        }

        if (name.SequenceEqual("gid"u8))
        {
            bool isGroup = TryReadNumber(value, 10, out long number);
            groupId = (uint)number;
            return isGroup;
        }

        return name.SequenceEqual("inode64"u8) || name.SequenceEqual("huge"u8) || name.SequenceEqual("mpol"u8);
    }

    /// <summary>A number with k, m, g or % behind it (memparse).</summary>
    private static bool TryReadSize(ReadOnlySpan<byte> text, long machineFrames, out long size)
    {
        size = 0;
        if (text.Length == 0)
        {
            return false;
        }

        int shift = 0;
        switch (text[^1])
        {
            case (byte)'%':
                bool isPercentage = TryReadNumber(text.Slice(0, text.Length - 1), 10, out long percentage);
                size = percentage * machineFrames * UserAddress.PageSize / 100;
                return isPercentage && percentage <= 1000;
            case (byte)'k' or (byte)'K':
                shift = 10;
                break;
            case (byte)'m' or (byte)'M':
                shift = 20;
                break;
            case (byte)'g' or (byte)'G':
                shift = 30;
                break;
        }

        bool isNumber = TryReadNumber(shift == 0 ? text : text.Slice(0, text.Length - 1), 10, out long number);
        size = number << shift;
        return isNumber && number <= long.MaxValue >> shift;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, int numberBase, out long number)
    {
        number = 0;
        foreach (byte value in text)
        {
            int digit = value - '0';
            if (digit < 0 || digit >= numberBase || number > (long.MaxValue >> 8))
            {
                return false;
            }

            number = (number * numberBase) + digit;
        }

        return text.Length > 0;
    }
}

using System;

namespace LiteBox.North.Files;

/// <summary>One file of an archive. Its spans point into the archive.</summary>
internal ref struct CpioEntry
{
    public uint Inode;
    public uint Mode;
    public uint UserId;
    public uint GroupId;
    public uint LinkCount;
    public uint ModifySeconds;
    public uint DeviceMajor;
    public uint DeviceMinor;
    public uint SpecialMajor;
    public uint SpecialMinor;
    public ReadOnlySpan<byte> Name;
    public ReadOnlySpan<byte> Contents;
}

/// <summary>
/// Reads newc cpio archives, one behind the other, as the kernel gets them (Documentation/driver-api/early-userspace/buffer-format.rst). It takes any bytes
/// whatever and never reads outside them.
/// </summary>
internal ref struct CpioArchive
{
    private const int HeaderLength = 110;
    private const int FieldLength = 8;

    /// <summary>PATH_MAX: longer names are an error, as on Linux.</summary>
    private const uint MaximumNameLength = 4096;

    private readonly ReadOnlySpan<byte> bytes;
    private int position;

    public CpioArchive(ReadOnlySpan<byte> bytes)
    {
        this.bytes = bytes;
        position = 0;
    }

    /// <summary>True once something other than an archive was met; what was read before stands.</summary>
    public bool IsDamaged { get; private set; }

    private static ReadOnlySpan<byte> TrailerName => "TRAILER!!!"u8;

    /// <summary>
    /// The next file. <paramref name="isTrailer"/>: the end of one archive, at which hard links end too. False: the end of everything, or damage.
    /// </summary>
    public bool TryReadNext(out CpioEntry entry, out bool isTrailer)
    {
        entry = default;
        isTrailer = false;
        SkipZeros();
        if (position == bytes.Length)
        {
            return false;
        }

        if (bytes.Length - position < HeaderLength || !HasMagic(bytes.Slice(position)))
        {
            IsDamaged = true;
            return false;
        }

        ReadOnlySpan<byte> header = bytes.Slice(position, HeaderLength);
        bool isValid = TryReadField(header, 0, out entry.Inode)
            & TryReadField(header, 1, out entry.Mode)
            & TryReadField(header, 2, out entry.UserId)
            & TryReadField(header, 3, out entry.GroupId)
            & TryReadField(header, 4, out entry.LinkCount)
            & TryReadField(header, 5, out entry.ModifySeconds)
            & TryReadField(header, 6, out uint size)
            & TryReadField(header, 7, out entry.DeviceMajor)
            & TryReadField(header, 8, out entry.DeviceMinor)
            & TryReadField(header, 9, out entry.SpecialMajor)
            & TryReadField(header, 10, out entry.SpecialMinor)
            & TryReadField(header, 11, out uint nameLength);
        long nameStart = (long)position + HeaderLength;
        long contentsStart = Align(nameStart + nameLength);
        long end = contentsStart + size;
        if (!isValid || nameLength is 0 or > MaximumNameLength || contentsStart > bytes.Length || end > bytes.Length)
        {
            IsDamaged = true;
            return false;
        }

        ReadOnlySpan<byte> name = bytes.Slice((int)nameStart, (int)nameLength);
        if (name[^1] != 0)
        {
            IsDamaged = true;
            return false;
        }

        int nameEnd = name.IndexOf((byte)0);
        entry.Name = name.Slice(0, nameEnd);
        entry.Contents = bytes.Slice((int)contentsStart, (int)size);
        isTrailer = entry.Name.SequenceEqual(TrailerName);
        position = (int)Math.Min(Align(end), bytes.Length);
        return true;
    }

    private static long Align(long value) => (value + 3) & ~3L;

    // 070701, or 070702 with checksums, which Linux ignores too.
    private static bool HasMagic(ReadOnlySpan<byte> header) => header.StartsWith("07070"u8) && (header[5] is (byte)'1' or (byte)'2');

    private static bool TryReadField(ReadOnlySpan<byte> header, int index, out uint value)
    {
        value = 0;
        foreach (byte digit in header.Slice(6 + (index * FieldLength), FieldLength))
        {
            int number = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => -1,
            };
            if (number < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)number;
        }

        return true;
    }

    private void SkipZeros()
    {
        while (position < bytes.Length && bytes[position] == 0)
        {
            position++;
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using CsCheck;
using LiteBox.Image.Disk;
using LiteBox.Image.Fat;
using Xunit;

namespace LiteBox.Image.Tests;

public class DiskTests
{
    private static readonly Gen<string> AnyName =
        Gen.OneOf(
            Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"].Array[1, 8].Select(letters => new string(letters)),
            Gen.Char["abcdefgxyzABC .-_+[]"].Array[1, 40].Select(letters => "n" + new string(letters).Trim(' ', '.') + "e"));

    private static readonly Gen<Dictionary<string, byte[]>> AnyFiles =
        Gen.Select(AnyName.Array[1, 3], Gen.Byte.Array[0, 3000])
            .Select((parts, content) => (Path: string.Join('/', parts), Content: content))
            .Array[0, 12]
            .Select(WithoutClashes);

    [Fact]
    public void Files_are_read_back_from_both_kinds_of_volume() => AnyFiles.Select(Gen.Bool).Sample(
        (files, fat32) =>
        {
            using var disk = new MemoryStream();
            var volume = Volume(files, fat32);
            disk.SetLength(volume.Length);
            volume.WriteTo(disk, 0);

            FatReader reader = FatReader.Open(disk, 0);
            Assert.Equal(fat32, reader.IsFat32);
            Assert.Equal(
                files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key} {Convert.ToHexString(file.Value)}"),
                reader.ReadFiles().Select(file => $"{file.Key} {Convert.ToHexString(file.Value)}"));
        },
        iter: 60);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 5 << 20)]
    [InlineData(true, 5 << 20)]
    [InlineData(false, 40 << 20)]
    [InlineData(true, 40 << 20)]
    public void The_file_system_checker_and_mtools_agree(bool fat32, int size)
    {
        using var scratch = new ScratchDirectory();
        byte[] content = Pattern(size);
        var volume = Volume(
            new()
            {
                ["EFI/BOOT/BOOTX64.EFI"] = content,
                ["EFI/a longer name.conf"] = Pattern(513),
                ["EFI/a longer name too.conf"] = Pattern(512),
                ["empty.txt"] = [],
            },
            fat32);
        string image = scratch.File("volume");
        using (FileStream file = File.Create(image))
        {
            file.SetLength(volume.Length);
            volume.WriteTo(file, 0);
        }

        string report = HostTool.Run("fsck.fat", "-n", "-v", image);
        Assert.Contains(fat32 ? "32 bit entries" : "16 bit entries", report);
        HostTool.Run("mcopy", "-n", "-i", image, "::EFI/BOOT/BOOTX64.EFI", scratch.File("boot"));
        HostTool.Run("mcopy", "-n", "-i", image, "::EFI/a longer name too.conf", scratch.File("conf"));
        Assert.Equal(content, File.ReadAllBytes(scratch.File("boot")));
        Assert.Equal(Pattern(512), File.ReadAllBytes(scratch.File("conf")));
        Assert.Contains("a longer name.conf", HostTool.Run("mdir", "-i", image, "::EFI"));
    }

    [Fact]
    public void Many_files_in_one_directory_keep_their_names()
    {
        var files = Enumerable.Range(0, 300).ToDictionary(number => $"dir/a rather long name {number}.text", number => Pattern(number));
        using var disk = new MemoryStream();
        FatVolume volume = Volume(files, fat32: false);
        disk.SetLength(volume.Length);
        volume.WriteTo(disk, 0);
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), FatReader.Open(disk, 0).ReadFiles().Keys);
    }

    [Fact]
    public void Sgdisk_finds_nothing_wrong_and_the_partition_in_its_place()
    {
        using var scratch = new ScratchDirectory();
        string image = scratch.File("disk");
        using (FileStream file = File.Create(image))
        {
            BootDisk.Write(file, Pattern(100_000), DateTime.UnixEpoch);
        }

        Assert.Contains("No problems found", HostTool.Run("sgdisk", "--verify", image));
        string partition = HostTool.Run("sgdisk", "--info=1", image);
        Assert.Contains("C12A7328-F81F-11D2-BA4B-00A0C93EC93B", partition);
        Assert.Contains("First sector: 2048 ", partition);
        HostTool.Run("mcopy", "-n", "-i", $"{image}@@1M", "::EFI/BOOT/BOOTX64.EFI", scratch.File("boot"));
        Assert.Equal(Pattern(100_000), File.ReadAllBytes(scratch.File("boot")));
    }

    [Fact]
    public void A_disk_is_read_back()
    {
        using var disk = new MemoryStream(Disk(Pattern(1000)));
        PartitionEntry partition = Assert.Single(GuidPartitionTable.Read(disk));
        Assert.Equal(PartitionType.EfiSystem, partition.Type);
        Assert.Equal("EFI system partition", partition.Name);
        Assert.Equal(1 << 20, partition.Offset);
        Assert.Equal(Pattern(1000), FatReader.Open(disk, partition.Offset).ReadFiles()[BootDisk.DefaultBootPath]);
    }

    [Fact]
    public void Every_changed_byte_of_the_table_is_noticed()
    {
        byte[] disk = Disk(Pattern(1000));
        for (int at = 512; at < 512 + 92; at++)
        {
            disk[at] ^= 1;
            Assert.Throws<ImageFormatException>(() => GuidPartitionTable.Read(new MemoryStream(disk)));
            disk[at] ^= 1;
        }

        for (int at = 1024; at < 1024 + (128 * 128); at += 7)
        {
            disk[at] ^= 1;
            Assert.Throws<ImageFormatException>(() => GuidPartitionTable.Read(new MemoryStream(disk)));
            disk[at] ^= 1;
        }
    }

    [Fact]
    public void The_same_content_gives_the_same_disk_and_another_gives_other_identifiers()
    {
        Assert.Equal(Disk(Pattern(1000)), Disk(Pattern(1000)));
        Guid Id(byte[] content) => GuidPartitionTable.Read(new MemoryStream(Disk(content)))[0].Id;
        Assert.NotEqual(Id(Pattern(1000)), Id(Pattern(1001)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(35)]
    [InlineData(700)]
    public void Qemu_reads_a_fixed_vhd_of_exactly_its_size(int mebibytes)
    {
        using var scratch = new ScratchDirectory();
        string image = scratch.File("disk.vhd");
        using (FileStream file = File.Create(image))
        {
            file.SetLength((long)mebibytes << 20);
            FixedVhd.AppendFooter(file);
            Assert.Equal(((long)mebibytes << 20) + 512, file.Length);
            Assert.Equal((long)mebibytes << 20, FixedVhd.ReadDiskLength(file));
        }

        using JsonDocument info = JsonDocument.Parse(HostTool.Run("qemu-img", "info", "-f", "vpc", "--output=json", image));
        Assert.Equal((long)mebibytes << 20, info.RootElement.GetProperty("virtual-size").GetInt64());
    }

    [Fact]
    public void A_vhd_is_a_whole_number_of_mebibytes()
    {
        Assert.Throws<ArgumentException>(() => FixedVhd.AppendFooter(new MemoryStream(new byte[512])));
        Assert.Throws<ArgumentException>(() => FixedVhd.AppendFooter(new MemoryStream([])));
    }

    [Fact]
    public void A_damaged_vhd_footer_is_noticed()
    {
        var vhd = new MemoryStream();
        vhd.SetLength(1 << 20);
        FixedVhd.AppendFooter(vhd);
        byte[] bytes = vhd.ToArray();
        for (int at = 1 << 20; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            Assert.Throws<ImageFormatException>(() => FixedVhd.ReadDiskLength(new MemoryStream(bytes)));
            bytes[at] ^= 0x10;
        }
    }

    private static FatVolume Volume(Dictionary<string, byte[]> files, bool fat32) => new(
        files.Select(file => KeyValuePair.Create(file.Key, (ReadOnlyMemory<byte>)file.Value)), "TEST", DateTime.UnixEpoch, fat32);

    private static byte[] Disk(byte[] application)
    {
        var disk = new MemoryStream();
        BootDisk.Write(disk, application, DateTime.UnixEpoch);
        return disk.ToArray();
    }

    private static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    // No path twice in another case, and none that is a directory of another.
    private static Dictionary<string, byte[]> WithoutClashes((string Path, byte[] Content)[] files)
    {
        var kept = new Dictionary<string, byte[]>();
        var upper = new HashSet<string>();
        foreach ((string path, byte[] content) in files)
        {
            string[] parts = path.Split('/');
            string key = path.ToUpperInvariant();
            bool clash = parts.Select((_, n) => string.Join('/', parts[..(n + 1)])).Any(prefix => upper.Contains("F" + prefix.ToUpperInvariant()))
                || upper.Contains("D" + key)
                || parts.Select((_, n) => string.Join('/', parts[..n])).Any(prefix => upper.Any(u => u[0] == 'D' && u.Equals("D" + prefix, StringComparison.OrdinalIgnoreCase) && u != "D" + prefix.ToUpperInvariant()));
            if (clash)
            {
                continue;
            }

            upper.Add("F" + key);
            for (int n = 1; n < parts.Length; n++)
            {
                upper.Add("D" + string.Join('/', parts[..n]).ToUpperInvariant());
            }

            kept[Canonical(kept, parts)] = content;
        }

        return kept;
    }

    // A directory that is there already in another case keeps the case of its first name.
    private static string Canonical(Dictionary<string, byte[]> kept, string[] parts)
    {
        for (int n = parts.Length - 1; n >= 1; n--)
        {
            string prefix = string.Join('/', parts[..n]) + "/";
            string? same = kept.Keys.FirstOrDefault(path => path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
            if (same != null)
            {
                return same[..prefix.Length] + string.Join('/', parts[n..]);
            }
        }

        return string.Join('/', parts);
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using LiteBox.Image.Cpio;
using Xunit;

namespace LiteBox.Image.Tests;

public class CpioTests
{
    private static readonly Gen<CpioEntry> AnyEntry =
        from path in Gen.Char['a', 'z'].Array[1, 20].Select(letters => new string(letters))
        from mode in Gen.UInt
        from data in Gen.Byte.Array[0, 70]
        from numbers in Gen.UInt.Array[7]
        select new CpioEntry(path, mode, data)
        {
            Inode = numbers[0] | 1,
            User = numbers[1],
            Group = numbers[2],
            Links = numbers[3] | 1,
            ModifiedAt = numbers[4],
            DeviceMajor = numbers[5],
            DeviceMinor = numbers[6],
        };

    [Fact]
    public void What_is_written_is_read_back() => AnyEntry.Array[0, 8].Sample(entries =>
    {
        IReadOnlyList<CpioEntry> read = CpioReader.Read(CpioWriter.Write(entries));
        Assert.Equal(entries.Select(Comparable), read.Select(Comparable));
    });

    [Fact]
    public void No_damaged_archive_does_more_than_be_refused() => AnyEntry.Array[0, 4].Select(Gen.Int, Gen.Byte).Sample((entries, at, value) =>
    {
        byte[] archive = CpioWriter.Write(entries);
        archive[(int)((uint)at % (uint)archive.Length)] = value;
        try
        {
            CpioReader.Read(archive);
        }
        catch (ImageFormatException refusal)
        {
            Assert.NotEmpty(refusal.Message);
        }
    });

    [Fact]
    public void Every_truncated_archive_is_refused()
    {
        byte[] archive = CpioWriter.Write([new CpioEntry("file", FileType.Regular | 0x1A4, "content"u8.ToArray())]);
        int wholeLength = archive.Length - 1; // the trailer's padding is not needed
        for (int length = 0; length < wholeLength - 3; length++)
        {
            Assert.Throws<ImageFormatException>(() => CpioReader.Read(archive.AsMemory(0, length)));
        }
    }

    [Fact]
    public void The_cpio_program_extracts_the_same_files()
    {
        using var scratch = new ScratchDirectory();
        var files = new RootFileSystem(86400);
        files.AddFile("etc/os-release", "ID=litebox\n"u8.ToArray());
        files.AddFile("bin/tool", new byte[5000], 0x1ED);
        files.AddSymbolicLink("bin/sh", "tool");
        files.AddFile("empty", default);
        files.AddDirectory("tmp", 0x3FF);
        string archive = scratch.Write("a.cpio", files.ToInitrd());

        HostTool.Run("sh", "-c", $"cd {scratch.Path} && mkdir x && cd x && cpio -idm --quiet <{archive}");

        string root = scratch.File("x");
        Assert.Equal("ID=litebox\n", File.ReadAllText($"{root}/etc/os-release"));
        Assert.Equal(new byte[5000], File.ReadAllBytes($"{root}/bin/tool"));
        Assert.Equal("tool", new FileInfo($"{root}/bin/sh").LinkTarget);
        Assert.Empty(File.ReadAllBytes($"{root}/empty"));
        Assert.Equal((UnixFileMode)0x1ED, new FileInfo($"{root}/bin/tool").UnixFileMode);
        Assert.Equal((UnixFileMode)0x3FF, new DirectoryInfo($"{root}/tmp").UnixFileMode);
        Assert.Equal(DateTime.UnixEpoch.AddDays(1), new FileInfo($"{root}/etc/os-release").LastWriteTimeUtc);
    }

    [Fact]
    public void What_the_cpio_program_writes_is_read()
    {
        using var scratch = new ScratchDirectory();
        HostTool.Run("sh", "-c", $"cd {scratch.Path} && mkdir d && echo hello >d/f && ln -s f d/l && find d | LC_ALL=C sort | cpio -o -H newc --quiet >a.cpio");

        IReadOnlyList<CpioEntry> entries = CpioReader.Read(File.ReadAllBytes(scratch.File("a.cpio")));

        Assert.Equal(["d", "d/f", "d/l"], entries.Select(entry => entry.Path));
        Assert.Equal("hello\n", Encoding.UTF8.GetString(entries[1].Data.Span));
        Assert.Equal([FileType.Directory, FileType.Regular, FileType.SymbolicLink], entries.Select(entry => entry.Mode & FileType.Mask));
    }

    [Fact]
    public void The_same_tree_gives_the_same_bytes_whatever_the_order()
    {
        string[] names = ["b", "a/z", "a-b", "a/b/c", "c"];
        byte[] Build(IEnumerable<string> order)
        {
            var files = new RootFileSystem(0);
            foreach (string name in order)
            {
                files.AddFile(name, Encoding.UTF8.GetBytes(name));
            }

            return files.ToInitrd();
        }

        Assert.Equal(Build(names), Build(names.Reverse()));
    }

    [Fact]
    public void Parents_stand_before_their_children()
    {
        var files = new RootFileSystem(0);
        files.AddFile("a/b/c", default);
        files.AddFile("a-b/d", default);
        List<string> order = [.. files.Entries.Select(entry => entry.Path)];
        foreach (string path in order.Where(path => path.Contains('/')))
        {
            Assert.True(order.IndexOf(path[..path.LastIndexOf('/')]) < order.IndexOf(path));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData("a//b")]
    public void A_path_that_leaves_the_root_or_names_nothing_is_refused(string path) =>
        Assert.Throws<ArgumentException>(() => new RootFileSystem(0).AddFile(path, default));

    private static string Comparable(CpioEntry entry) =>
        $"{entry with { Data = default }} {Convert.ToHexString(entry.Data.Span)}";
}

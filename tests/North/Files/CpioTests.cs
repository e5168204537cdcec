using CsCheck;
using LiteBox.Abi;
using LiteBox.North.Files;

namespace LiteBox.North.Tests.Files;

/// <summary>The initial RAM disk: any bytes at all are read without harm, and a good archive becomes the tree it describes.</summary>
public class CpioTests
{
    [Fact]
    public void Any_bytes_are_read_without_harm() =>
        Gen.Byte.Array[0, 2000].Sample(
            bytes =>
            {
                Walk(bytes);
                Walk([.. "070701"u8, .. bytes]);
            },
            iter: 20_000);

    [Fact]
    public void A_damaged_archive_is_read_without_harm()
    {
        byte[] good = Sample();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample(
            (at, value, length) =>
            {
                byte[] damaged = [.. good];
                damaged[at] = value;
                Walk(damaged);
                Walk(damaged.AsSpan(0, length));
            },
            iter: 20_000);
    }

    [Fact]
    public void A_damaged_archive_makes_a_kernel_that_runs()
    {
        byte[] good = Sample();
        Random random = new(1);
        for (int i = 0; i < 50; i++)
        {
            byte[] damaged = [.. good];
            for (int j = 0; j < 4; j++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            NorthSystem.Run(system => Assert.True(system.Call(SystemCallNumber.getpid) == 1), initrd: damaged);
        }
    }

    [Fact]
    public void A_good_archive_becomes_its_tree()
    {
        NorthSystem.Run(
            system =>
            {
                Assert.Equal("hello", Contents(system, "/bin/tool"));
                Assert.Equal("hello", Contents(system, "/bin/again"));
                Assert.Equal("hello", Contents(system, "/link"));
                Assert.Equal("through", Contents(system, "/usr/x")); // made by way of a symbolic link
                ulong status = system.Buffer(144);
                Assert.Equal(0, system.Call(SystemCallNumber.stat, system.Text("/bin/tool"), status));
                byte[] tool = system.Get(status, 144);
                Assert.Equal(2UL, BitConverter.ToUInt64(tool, 16));
                Assert.Equal(0x81EDu, BitConverter.ToUInt32(tool, 24));
                Assert.Equal(1_000_000_000, BitConverter.ToInt64(tool, 88));
                Assert.Equal(0, system.Call(SystemCallNumber.stat, system.Text("/dev/thing"), status));
                Assert.Equal(0x103UL, BitConverter.ToUInt64(system.Get(status, 144), 40));
                Assert.Equal(0, system.Call(SystemCallNumber.stat, system.Text("/dev/console"), status)); // built in
            },
            initrd: Sample());
    }

    private static string Contents(NorthSystem system, string path)
    {
        long descriptor = system.Call(SystemCallNumber.open, system.Text(path), 0, 0);
        Assert.True(descriptor >= 0, path);
        ulong buffer = system.Buffer(100);
        long count = system.Call(SystemCallNumber.read, (ulong)descriptor, buffer, 100);
        return System.Text.Encoding.ASCII.GetString(system.Get(buffer, (int)count));
    }

    private static void Walk(ReadOnlySpan<byte> bytes)
    {
        CpioArchive archive = new(bytes);
        int entries = 0;
        while (archive.TryReadNext(out CpioEntry entry, out _))
        {
            Assert.True(entry.Name.Length < bytes.Length && entry.Contents.Length < bytes.Length);
            Assert.True(++entries <= bytes.Length / 110);
        }
    }

    private static byte[] Sample()
    {
        List<byte> archive = [];
        Add(archive, ".", 0x41ED, 2, 1);
        Add(archive, "bin", 0x41ED, 2, 2);
        Add(archive, "bin/again", 0x81ED, 2, 7);
        Add(archive, "bin/tool", 0x81ED, 2, 7, "hello");
        Add(archive, "link", 0xA1FF, 1, 8, "bin/tool");
        Add(archive, "lib", 0x41ED, 2, 9);
        Add(archive, "usr", 0xA1FF, 1, 10, "lib");
        Add(archive, "usr/x", 0x81A4, 1, 11, "through");
        Add(archive, "missing/x", 0x81A4, 1, 12, "nowhere");
        Add(archive, "dev/thing", 0x21B6, 1, 13, special: (1, 3));
        Add(archive, "TRAILER!!!", 0, 1, 0);
        return [.. archive];
    }

    private static void Add(List<byte> archive, string name, uint mode, uint links, uint inode, string contents = "", (uint Major, uint Minor) special = default)
    {
        string header = $"070701{inode:X8}{mode:X8}{0:X8}{0:X8}{links:X8}{1_000_000_000:X8}{contents.Length:X8}{0:X8}{1:X8}{special.Major:X8}{special.Minor:X8}{name.Length + 1:X8}{0:X8}";
        archive.AddRange(System.Text.Encoding.ASCII.GetBytes(header + name + "\0"));
        Pad(archive);
        archive.AddRange(System.Text.Encoding.ASCII.GetBytes(contents));
        Pad(archive);
    }

    private static void Pad(List<byte> archive)
    {
        while (archive.Count % 4 != 0)
        {
            archive.Add(0);
        }
    }
}

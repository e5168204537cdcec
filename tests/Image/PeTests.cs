using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using LiteBox.Image.Pe;
using Xunit;

namespace LiteBox.Image.Tests;

public class PeTests
{
    private static readonly UnifiedKernelImage Example = new()
    {
        Stub = SmallImage.Make(headersSize: 0x400),
        Kernel = Encoding.ASCII.GetBytes("kernel bytes"),
        Initrd = new byte[70_000],
        CommandLine = "console=ttyS0 quiet",
        KernelRelease = "6.1.0",
    };

    [Fact]
    public void Sections_are_read_back_with_their_exact_lengths()
    {
        PeImage image = PeImage.Read(Example.Build());
        Assert.Equal([".text", ".osrel", ".cmdline", ".uname", ".sbat", ".initrd", ".linux"], image.Sections.Select(section => section.Name));
        Assert.Equal("console=ttyS0 quiet", TextOf(image, ".cmdline"));
        Assert.Equal("kernel bytes", TextOf(image, ".linux"));
        Assert.Equal(70_000, image.Data(image.Find(".initrd")!).Length);
    }

    [Fact]
    public void Objdump_reads_the_same_sections_and_bytes()
    {
        using var scratch = new ScratchDirectory();
        byte[] bytes = Example.Build();
        string file = scratch.Write("image.efi", bytes);
        PeImage image = PeImage.Read(bytes);

        string headers = HostTool.Run("objdump", "-h", file);
        foreach (PeSection section in image.Sections)
        {
            Match line = Regex.Match(headers, $@"{Regex.Escape(section.Name)}\s+([0-9a-f]+)\s+([0-9a-f]+)\s+[0-9a-f]+\s+([0-9a-f]+)");
            Assert.True(line.Success, headers);
            Assert.Equal(section.VirtualSize, Convert.ToUInt32(line.Groups[1].Value, 16));
            Assert.Equal(section.FileOffset, Convert.ToUInt32(line.Groups[3].Value, 16));
        }

        HostTool.Run("objcopy", "-O", "binary", "--only-section=.cmdline", file, scratch.File("cmdline"));
        Assert.StartsWith("console=ttyS0 quiet", File.ReadAllText(scratch.File("cmdline")));
    }

    [Theory]
    [InlineData(0x200)]
    [InlineData(0x400)]
    [InlineData(0xA00)]
    public void Sections_lie_apart_in_memory_and_file_and_the_image_covers_them(int headersSize)
    {
        byte[] bytes = (Example with { Stub = SmallImage.Make(headersSize) }).Build();
        PeImage image = PeImage.Read(bytes);
        foreach ((PeSection before, PeSection after) in image.Sections.Zip(image.Sections.Skip(1)))
        {
            Assert.True(after.VirtualAddress >= before.VirtualAddress + before.VirtualSize);
            Assert.True(after.FileOffset >= before.FileOffset + before.FileSize);
            Assert.Equal(0u, after.VirtualAddress % SmallImage.SectionAlignment);
            Assert.Equal(0u, after.FileOffset % SmallImage.FileAlignment);
        }

        PeSection last = image.Sections[^1];
        uint imageSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(SmallImage.HeaderOffset + 24 + 56));
        Assert.True(imageSize >= last.VirtualAddress + last.VirtualSize);
        Assert.Equal(0u, imageSize % SmallImage.SectionAlignment);
    }

    [Fact]
    public void Headers_that_must_grow_take_code_and_debug_entries_along()
    {
        byte[] stub = SmallImage.Make(headersSize: 0x200);
        byte[] bytes = (Example with { Stub = stub }).Build();
        PeImage before = PeImage.Read(stub);
        PeImage after = PeImage.Read(bytes);
        Assert.Equal(before.Data(before.Sections[0]).ToArray(), after.Data(after.Sections[0]).ToArray().Select(Unmoved).ToArray());
        Assert.True(after.Sections[0].FileOffset > before.Sections[0].FileOffset);

        uint moved = after.Sections[0].FileOffset - before.Sections[0].FileOffset;
        int entry = (int)after.Sections[0].FileOffset + SmallImage.DebugEntryAt + 24;
        Assert.Equal(SmallImage.DebugData + moved, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(entry)));

        // The one field of the code section that is a file offset.
        byte Unmoved(byte value, int at) =>
            at is >= SmallImage.DebugEntryAt + 24 and < SmallImage.DebugEntryAt + 28 ? before.Data(before.Sections[0]).Span[at] : value;
    }

    [Fact]
    public void The_stub_keeps_its_own_revocation_metadata()
    {
        byte[] stub = PeImage.Read(Example.Stub).WithSections([new NewSection(".sbat", Encoding.ASCII.GetBytes("mine"))]);
        Assert.Equal("mine", TextOf(PeImage.Read((Example with { Stub = stub }).Build()), ".sbat"));
    }

    [Fact]
    public void A_signed_image_and_a_second_section_of_a_name_are_refused()
    {
        byte[] signed = SmallImage.Make(0x400);
        BinaryPrimitives.WriteUInt32LittleEndian(signed.AsSpan(SmallImage.HeaderOffset + 24 + 112 + (4 * 8) + 4), 8);
        Assert.Contains("signed", Assert.Throws<ImageFormatException>(() => (Example with { Stub = signed }).Build()).Message);
        Assert.Contains("already has a section", Assert.Throws<ImageFormatException>(() => (Example with { Stub = Example.Build() }).Build()).Message);
    }

    [Fact]
    public void The_checksum_makes_the_image_sum_to_its_length()
    {
        // The definition, turned about: the 16-bit one's-complement sum of all words, checksum included, follows from the stored value.
        byte[] bytes = Example.Build();
        int field = SmallImage.HeaderOffset + 24 + 64;
        uint stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(field));
        bytes.AsSpan(field, 4).Clear();
        ulong sum = 0;
        for (int at = 0; at < bytes.Length; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        Assert.Equal((uint)sum + (uint)bytes.Length, stored);
    }

    [Fact]
    public void No_damaged_image_does_more_than_be_refused()
    {
        byte[] good = Example.Build();
        Gen.Select(Gen.Int[0, 0x400], Gen.Byte).Sample((at, value) =>
        {
            byte[] bad = [.. good];
            bad[at] = value;
            try
            {
                PeImage image = PeImage.Read(bad);
                foreach (PeSection section in image.Sections)
                {
                    _ = image.Data(section);
                }
            }
            catch (ImageFormatException refusal)
            {
                Assert.NotEmpty(refusal.Message);
            }
        });
    }

    private static string TextOf(PeImage image, string section) => Encoding.UTF8.GetString(image.Data(image.Find(section)!).Span);
}

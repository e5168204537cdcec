using System;
using System.Buffers.Binary;
using System.IO;
using System.Security.Cryptography;
using System.Text.Json;
using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Tool.Tests;

/// <summary>What `litebox build` writes: the same bytes for the same input, and disks as Azure takes them.</summary>
public sealed class BuildTests : IDisposable
{
    private const int Mebibyte = 1 << 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("litebox-build-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(WorkloadForm.Directory, "raw")]
    [InlineData(WorkloadForm.Directory, "vhd")]
    [InlineData(WorkloadForm.Container, "uki")]
    public void Two_builds_of_one_workload_made_twice_are_equal(WorkloadForm form, string format)
    {
        byte[][] images = [BuildAnew(form, format, "first"), BuildAnew(form, format, "second")];
        Assert.Equal(images[0], images[1]);
    }

    [Fact]
    public void The_time_of_the_source_counts_only_when_it_is_given()
    {
        string root = WorkloadForm.Directory.Make(_folder);
        byte[] Build(string seconds)
        {
            string image = PathOf("dated.img");
            _ = LiteBoxCommand.RunProgram("env", [$"SOURCE_DATE_EPOCH={seconds}", .. LiteBoxCommand.Words, "build", root, "-o", image]).Text;
            return File.ReadAllBytes(image);
        }

        Assert.Equal(Build("1700000000"), Build("1700000000"));
        Assert.NotEqual(Build("1700000000"), Build("1800000000"));
    }

    [Fact]
    public void A_vhd_is_what_azure_asks_for()
    {
        string image = PathOf("azure.vhd");
        _ = LiteBoxCommand.Run("build", WorkloadForm.Program.Make(_folder), "-o", image, "--format", "vhd").Text;
        byte[] bytes = File.ReadAllBytes(image);
        ReadOnlySpan<byte> footer = bytes.AsSpan(bytes.Length - 512);
        ulong length = (ulong)bytes.Length - 512;
        Assert.Equal(0UL, length % Mebibyte);
        Assert.True(footer.StartsWith("conectix"u8));
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(footer[8..]));
        Assert.Equal(0x0001_0000u, BinaryPrimitives.ReadUInt32BigEndian(footer[12..]));
        Assert.Equal(ulong.MaxValue, BinaryPrimitives.ReadUInt64BigEndian(footer[16..]));
        Assert.Equal(0x5769_326Bu, BinaryPrimitives.ReadUInt32BigEndian(footer[36..]));
        Assert.Equal(length, BinaryPrimitives.ReadUInt64BigEndian(footer[40..]));
        Assert.Equal(length, BinaryPrimitives.ReadUInt64BigEndian(footer[48..]));
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(footer[60..]));
        Assert.Equal(~Sum(footer), BinaryPrimitives.ReadUInt32BigEndian(footer[64..]));
        Assert.Equal(-1, footer[84..].IndexOfAnyExcept((byte)0));

        // A fixed VHD has its name in the footer alone, where qemu-img does not look on its own.
        JsonElement info = JsonDocument.Parse(LiteBoxCommand.RunProgram("qemu-img", ["info", "-f", "vpc", "--output=json", image]).Text).RootElement;
        Assert.Equal(length, info.GetProperty("virtual-size").GetUInt64());
        File.WriteAllBytes(PathOf("disk.img"), bytes[..(int)length]);
        Assert.Contains("No problems found", LiteBoxCommand.RunProgram("sgdisk", ["--verify", PathOf("disk.img")]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_says_what_a_launch_measures()
    {
        string application = PathOf("litebox.efi");
        _ = LiteBoxCommand.Run("build", WorkloadForm.Program.Make(_folder), "-o", application, "--format", "uki").Text;
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(application)));
        Assert.Contains($"kernel                   {hash}", LiteBoxCommand.Run("inspect", application).Text, StringComparison.Ordinal);

        string firmware = Repository.Built("firmware/amdsev/OVMF.amdsev.fd");
        string digest = LiteBoxCommand.Run("measure", "--mode", "snp:ovmf-hash", "--ovmf", firmware).Text.Trim();
        string text = LiteBoxCommand.Run("inspect", firmware).Text;
        Assert.Contains($"digest of its pages      {digest}", text, StringComparison.Ordinal);
        Assert.Contains("section KernelHashes", text, StringComparison.Ordinal);
    }

    /// <summary>The sum of all bytes but the checksum's own.</summary>
    private static uint Sum(ReadOnlySpan<byte> footer)
    {
        uint sum = 0;
        for (int index = 0; index < footer.Length; index++)
        {
            sum += index is >= 64 and < 68 ? 0u : footer[index];
        }

        return sum;
    }

    private byte[] BuildAnew(WorkloadForm form, string format, string name)
    {
        string folder = Directory.CreateDirectory(PathOf(name)).FullName;
        string image = Path.Combine(folder, "image");
        _ = LiteBoxCommand.Run("build", form.Make(folder), "--output", image, "--format", format).Text;
        return File.ReadAllBytes(image);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}

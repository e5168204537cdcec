using System.Buffers.Binary;
using System.Security.Cryptography;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Launch measurement over a small firmware of our own: what decides it, what must not, and what is refused.</summary>
public sealed class LaunchTests
{
    private static readonly Guid Footer = new("96b582de-1fb2-45f7-baea-a366c55a082d");
    private static readonly Guid ResetBlock = new("00f771de-1a7e-4fcb-890e-68c77e2fb44e");
    private static readonly Guid HashTable = new("7255371f-3a3b-4b04-927b-1da6efa8d454");
    private static readonly Guid SevMetadata = new("dc886566-984a-4798-a75e-5585a7bf67cc");
    private static readonly Guid SvsmInfo = new("a789a612-0597-4c4b-a49f-cbb1fe9d1ddd");

    [Fact]
    public void TheDigestIsTheChainOfPageInfos()
    {
        // One page by hand: 48 zero bytes, SHA-384 of the page, length 0x70, type 1, address.
        var page = new byte[4096];
        page[5] = 7;
        var info = new byte[0x70];
        SHA384.HashData(page, info.AsSpan(0x30));
        (info[0x60], info[0x62]) = (0x70, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(0x68), 0xFFFFF000);
        var digest = new LaunchDigest();
        digest.AddNormal(0xFFFFF000, page);
        Assert.Equal(SHA384.HashData(info), digest.Value);
        Assert.Throws<ArgumentException>(() => digest.AddNormal(0, new byte[100]));
    }

    [Fact]
    public void EveryInputCounts()
    {
        var inputs = Inputs();
        var digests = new[]
        {
            inputs, inputs with { Vcpus = 2 }, inputs with { Vcpus = 3 }, inputs with { GuestFeatures = 0x21 },
                inputs with { VcpuSignature = 0xA00F11 },
            inputs with { Monitor = VirtualMachineMonitor.Ec2 }, inputs with { Monitor = VirtualMachineMonitor.Ec2Before2026 },
                inputs with { Monitor = VirtualMachineMonitor.Gce },
            inputs with { Monitor = VirtualMachineMonitor.QemuBeforeInit2 }, inputs with { Firmware = Firmware(content: 1) },
            inputs with { KernelHashes = new([], [], "") }, inputs with { KernelHashes = new([1], [], "") },
                inputs with { KernelHashes = new([], [1], "") },
            inputs with { KernelHashes = new([], [], "a") }, inputs with { KernelHashes = new([], [], "a ") },
            inputs with { Mode = LaunchMode.Sev }, inputs with { Mode = LaunchMode.SevEs },
        }.Select(Digest).ToList();
        Assert.Equal(digests.Count, digests.Distinct().Count());
    }

    [Fact]
    public void TheProcessorModelCountsUnderQemuAlone()
    {
        foreach (var monitor in new[] { VirtualMachineMonitor.Ec2, VirtualMachineMonitor.Gce })
        {
            Assert.Equal(Digest(Inputs() with { Monitor = monitor }), Digest(Inputs() with { Monitor = monitor, VcpuSignature = 1 }));
        }
    }

    [Fact]
    public void ADigestOfTheImageStandsInForIt()
    {
        var firmware = Firmware();
        var hash = LaunchMeasurement.FirmwareDigest(firmware).Value!;
        Assert.Equal(Digest(Inputs()), Digest(Inputs() with { Firmware = Firmware(content: 9).WithPagesDigest(hash) }));
        Assert.NotNull(LaunchMeasurement.Compute(Inputs() with { Mode = LaunchMode.Sev, Firmware = firmware.WithPagesDigest(hash) }).Error);
    }

    [Fact]
    public void TheCommandLineIsHashedWithItsEnd()
    {
        var table = new KernelHashes([], [], "").Table;
        Assert.Equal(SHA256.HashData([0]), table.Slice(18 + 18, 32).ToArray());
        Assert.Equal(SHA256.HashData([]), table.Slice(18 + 50 + 18, 32).ToArray());
        Assert.Equal(168, BinaryPrimitives.ReadUInt16LittleEndian(table[16..]));
        Assert.Equal(new byte[8], table[168..].ToArray());
    }

    [Fact]
    public void AKernelThatWouldNotBeMeasuredIsRefused()
    {
        var hashes = new KernelHashes([], [], "");
        Assert.Contains("kernel hashes", Error(Inputs() with { KernelHashes = hashes, Firmware = Firmware(kernelSection: false) }),
            StringComparison.Ordinal);
        Assert.Contains("kernel hashes", Error(Inputs() with { KernelHashes = hashes, Firmware = Firmware(hashTable: 0) }),
            StringComparison.Ordinal);
        Assert.Contains("kernel hashes", Error(Inputs() with { KernelHashes = hashes, Firmware = Firmware(hashTable: 0x810FFF) }),
            StringComparison.Ordinal);
        foreach (var mode in new[] { LaunchMode.Sev, LaunchMode.SevEs })
        {
            Assert.Contains("kernel hashes", Error(Inputs() with { Mode = mode, KernelHashes = hashes, Firmware = Firmware(hashTable: 0) }),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FirmwareWithoutWhatALaunchNeedsIsRefused()
    {
        var plain = FirmwareImage.Parse(new byte[8192]).Value!;
        Assert.Contains("metadata", Error(Inputs() with { Firmware = plain }), StringComparison.Ordinal);
        Assert.NotNull(LaunchMeasurement.Compute(Inputs() with { Mode = LaunchMode.Sev, Firmware = plain }).Value);
        Assert.Contains("processors", Error(Inputs() with { Mode = LaunchMode.SevEs, Vcpus = 2, Firmware = plain }),
            StringComparison.Ordinal);
        Assert.Contains("4096", Error(Inputs() with { Firmware = FirmwareImage.Parse([0, .. Image()]).Value! }), StringComparison.Ordinal);
        Assert.Contains("0x7", Error(Inputs() with { Firmware = Firmware(extraType: 7) }), StringComparison.Ordinal);
        foreach (var count in new[] { 0, -1, 5000 })
        {
            Assert.NotNull(LaunchMeasurement.Compute(Inputs() with { Vcpus = count }).Error);
        }
    }

    [Theory]
    [InlineData(-34, 0xFF)]
    [InlineData(-52, 17)]
    [InlineData(-52, 0)]
    public void ADamagedTableIsRefused(int fromFooterEnd, byte value)
    {
        var image = Image();
        var index = image.Length - 32 + fromFooterEnd + 16;
        image[index] = value;
        image[index + 1] = value;
        Assert.NotNull(FirmwareImage.Parse(image).Error);
    }

    [Fact]
    public void TheSvsmStartsBelowFirmwareAndVariables()
    {
        var firmware = Firmware();
        var svsm = FirmwareImage.Parse(Image(svsm: true), firmware.Address - 0x84000).Value!;
        var inputs = Inputs() with { Mode = LaunchMode.SnpSvsm, Svsm = svsm };
        var measured = LaunchMeasurement.Compute(inputs).Value!;
        Assert.Equal((uint)(svsm.Address + 0x40), BinaryPrimitives.ReadUInt32LittleEndian(measured.SaveAreas[0].AsSpan(0x178)));
        Assert.NotEqual(Digest(inputs), Digest(inputs with { Svsm = FirmwareImage.Parse(Image(svsm: true), firmware.Address).Value! }));
        Assert.Contains("SVSM", Error(inputs with { Svsm = null }), StringComparison.Ordinal);
        Assert.Contains("entry point", Error(inputs with { Svsm = firmware }), StringComparison.Ordinal);
        Assert.Contains("kernel", Error(inputs with { KernelHashes = new([], [], "") }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(23u, 1u, 2u, 0x800F12u)]
    [InlineData(23u, 49u, 0u, 0x830F10u)]
    [InlineData(25u, 1u, 1u, 0xA00F11u)]
    [InlineData(25u, 17u, 0u, 0xA10F10u)]
    [InlineData(26u, 0u, 0u, 0xB00F00u)]
    [InlineData(6u, 15u, 1u, 0x6F1u)]
    public void SignaturesArePutTogetherAsTheProcessorDoes(uint family, uint model, uint stepping, uint signature) =>
        Assert.Equal(signature, VcpuType.Signature(family, model, stepping));

    private static LaunchInputs Inputs() => new() { Firmware = Firmware(), VcpuSignature = 0x800F12 };

    private static string Digest(LaunchInputs inputs)
    {
        var measured = LaunchMeasurement.Compute(inputs);
        Assert.True(measured.Error is null, measured.Error?.ToString());
        return Convert.ToHexStringLower(measured.Value!.Digest);
    }

    private static string Error(LaunchInputs inputs) => LaunchMeasurement.Compute(inputs).Error!.ToString();

    private static FirmwareImage Firmware(byte content = 0, bool kernelSection = true, uint hashTable = 0x810C00, uint? extraType = null)
    {
        var parsed = FirmwareImage.Parse(Image(content, kernelSection, hashTable, extraType));
        Assert.Null(parsed.Error);
        return parsed.Value!;
    }

    /// <summary>Two pages with a table at their end, as OVMF writes it.</summary>
    private static byte[] Image(byte content = 0, bool kernelSection = true, uint hashTable = 0x810C00, uint? extraType = null,
        bool svsm = false)
    {
        const int MetadataDistance = 0x800;
        var image = new byte[8192];
        image[0] = content;
        var sections = new List<uint[]> { new uint[] { 0x800000, 0x9000, 1 }, new uint[] { 0x80D000, 0x1000, 2 },
            new uint[] { 0x80E000, 0x1000, 3 }, new uint[] { 0x80F000, 0x1000, 4 }, new uint[] { 0x811000, 0x2000, 1 } };
        if (kernelSection)
        {
            sections.Add([0x810000, 0x1000, 0x10]);
        }

        if (extraType is { } type)
        {
            sections.Add([0x820000, 0x1000, type]);
        }

        var metadata = image.AsSpan(image.Length - MetadataDistance);
        "ASEV"u8.CopyTo(metadata);
        U32(metadata[4..], (uint)(16 + (12 * sections.Count)));
        U32(metadata[8..], 1);
        U32(metadata[12..], (uint)sections.Count);
        for (var index = 0; index < sections.Count; index++)
        {
            for (var field = 0; field < 3; field++)
            {
                U32(metadata[(16 + (12 * index) + (4 * field))..], sections[index][field]);
            }
        }

        var end = image.Length - 32 - 18;
        var start = end;
        AddEntry(ResetBlock, [0x04, 0xB0, 0x80, 0x00]);
        AddEntry(HashTable, [.. BitConverter.GetBytes(hashTable), 0, 4, 0, 0]);
        AddEntry(SevMetadata, BitConverter.GetBytes((uint)MetadataDistance));
        if (svsm)
        {
            AddEntry(SvsmInfo, [0x40, 0, 0, 0]);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(end), (ushort)(end + 18 - start));
        Footer.TryWriteBytes(image.AsSpan(end + 2));
        return image;

        void AddEntry(Guid guid, byte[] data)
        {
            start -= data.Length + 18;
            data.CopyTo(image, start);
            BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(start + data.Length), (ushort)(data.Length + 18));
            guid.TryWriteBytes(image.AsSpan(start + data.Length + 2));
        }

        static void U32(Span<byte> place, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(place, value);
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using LiteBox.SnpMachine.Cryptography;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Memory;
using LiteBox.SnpMachine.SecurityProcessor;
using Xunit;

namespace LiteBox.SnpMachine.Tests;

/// <summary>The launch digest, held against public calculators' digests and, for the save area, their bytes.</summary>
public sealed unsafe class MeasurementTests
{
    private static readonly string? Vectors = FindVectors();

    public static TheoryData<string> Cases()
    {
        TheoryData<string> cases = [];
        foreach (JsonElement candidate in Expected())
        {
            // Other monitors start with other save areas.
            if (candidate.GetProperty("mode").GetString() == "snp" && candidate.GetProperty("vmm").GetString() == "QEMU")
            {
                cases.Add(candidate.GetProperty("id").GetString()!);
            }
        }
        if (cases.Count == 0)
        {
            cases.Add("");
        }
        return cases;
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void The_digest_is_that_of_the_public_calculators(string id)
    {
        Skip.If(Vectors == null, "the test vectors are not there; set LITEBOX_VECTORS to their folder");
        JsonElement known = Expected().Single(candidate => candidate.GetProperty("id").GetString() == id);
        byte[] firmware = File.ReadAllBytes(Path.Combine(Vectors!, "launch", known.GetProperty("ovmf").GetString()!));
        uint signature = Convert.ToUInt32(known.GetProperty("vcpu_sig").GetString(), 16);
        ulong features = Convert.ToUInt64(known.GetProperty("guest_features").GetString(), 16);
        byte[] digest = Measure(firmware, signature, features, known.GetProperty("vcpus").GetInt32(), KernelOf(known));
        Assert.Equal(known.GetProperty("expected").GetString(), Convert.ToHexStringLower(digest));
    }

    [SkippableTheory]
    [InlineData("qemu-bsp-epyc-v4-f1.bin", 0xFFFF_FFF0u)]
    [InlineData("qemu-ap-epyc-v4-f1.bin", 0x0080_B004u)]
    public void The_save_area_is_that_of_the_public_calculators(string file, uint entry)
    {
        Skip.If(Vectors == null, "the test vectors are not there; set LITEBOX_VECTORS to their folder");
        Vmsa vmsa = default;
        vmsa.SetLaunchState(entry, 0x800F12, 1, flavour: 1);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Vectors!, "launch", "vmsa", file)), new Span<byte>(&vmsa, 4096).ToArray());
    }

    [Fact]
    public void Every_part_of_a_page_counts()
    {
        byte[] page = new byte[4096];
        HashSet<string> digests = [];
        foreach (LaunchPageType type in Enum.GetValues<LaunchPageType>())
        {
            Assert.True(digests.Add(Extend(type, 0x1000, page)));
            Assert.True(digests.Add(Extend(type, 0x2000, page)));
        }
        page[4095] = 1;
        Assert.True(digests.Add(Extend(LaunchPageType.Normal, 0x1000, page)));
        Assert.False(digests.Add(Extend(LaunchPageType.Zero, 0x1000, page)));
        Assert.True(digests.Add(Extend(LaunchPageType.Normal, 0x1000, page, VmplPermissions.All)));
    }

    [Fact]
    public void Metadata_that_point_outside_of_the_image_are_refused()
    {
        byte[] image = new byte[8192];
        Assert.False(TryRead(image));
        Build(image, sections: 1, distance: 1024);
        Assert.True(TryRead(image));
        Build(image, sections: 1, distance: 8193);
        Assert.False(TryRead(image));
        Build(image, sections: 0, distance: 1024);
        Assert.False(TryRead(image));
        Build(image, sections: 1000, distance: 1024);
        Assert.False(TryRead(image));
    }

    [Fact]
    public void Random_tables_do_not_lead_out_of_the_image()
    {
        Random random = new(1);
        byte[] image = new byte[8192];
        for (int i = 0; i < 20_000; i++)
        {
            Build(image, sections: random.Next(5), distance: 1024);
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                image[8192 - 32 - random.Next(1, 120)] = (byte)random.Next(256);
            }
            TryRead(image);
        }
    }

    // Command line, initrd and kernel as the table of hashes takes them; null when the launch has no kernel.
    private static byte[][]? KernelOf(JsonElement known) => known.GetProperty("kernel").ValueKind == JsonValueKind.Null
        ? null
        : [[.. Encoding.ASCII.GetBytes(known.GetProperty("append").GetString()!), 0], Content(known.GetProperty("initrd")), Content(known.GetProperty("kernel"))];

    private static byte[] Content(JsonElement file) => file.GetString() is null or "(empty file)"
        ? []
        : File.ReadAllBytes(Path.Combine(Vectors!, "launch", file.GetString()!));

    private static byte[] Measure(byte[] firmware, uint signature, ulong features, int cpus, byte[][]? kernel)
    {
        LaunchMeasurement measurement = default;
        byte[] hashes = new byte[4096];
        fixed (byte* image = firmware)
        fixed (byte* page = hashes)
        {
            Assert.True(FirmwareMetadata.TryRead(image, (ulong)firmware.Length, out FirmwareMetadata metadata));
            Assert.True(KernelHashes.TryStart(page, metadata.HashTable));
            for (int part = 0; part < (kernel?.Length ?? 0); part++)
            {
                KernelHashes.WriteEntry(page, metadata.HashTable, (KernelPart)part, kernel![part]);
            }
            ulong start = PhysicalLayout.FourGiB - (ulong)firmware.Length;
            for (ulong offset = 0; offset < (ulong)firmware.Length; offset += 4096)
            {
                measurement.Extend(LaunchPageType.Normal, start + offset, image + offset);
            }
            for (uint i = 0; i < metadata.Count; i++)
            {
                MetadataSection section = metadata[i];
                LaunchPageType type = section.Type switch
                {
                    SectionType.Secrets => LaunchPageType.Secrets,
                    SectionType.Cpuid => LaunchPageType.Cpuid,
                    SectionType.KernelHashes when kernel != null => LaunchPageType.Normal,
                    _ => LaunchPageType.Zero,
                };
                for (ulong at = section.Address; at < (ulong)section.Address + section.Size; at += 4096)
                {
                    measurement.Extend(type, at, page);
                }
            }
            for (int cpu = 0; cpu < cpus; cpu++)
            {
                Vmsa vmsa = default;
                vmsa.SetLaunchState(cpu == 0 ? 0xFFFF_FFF0 : metadata.ResetAddress, signature, features, flavour: 1);
                measurement.Extend(LaunchPageType.Vmsa, LaunchMeasurement.VmsaAddress, (byte*)&vmsa);
            }
        }
        byte[] digest = new byte[Sha384.Size];
        measurement.CopyTo(digest);
        return digest;
    }

    private static string Extend(LaunchPageType type, ulong address, byte[] page, VmplPermissions granted = VmplPermissions.None)
    {
        LaunchMeasurement measurement = default;
        fixed (byte* contents = page)
        {
            measurement.Extend(type, address, contents, granted);
        }
        byte[] digest = new byte[Sha384.Size];
        measurement.CopyTo(digest);
        return Convert.ToHexString(digest);
    }

    private static bool TryRead(byte[] image)
    {
        fixed (byte* memory = image)
        {
            return FirmwareMetadata.TryRead(memory, (ulong)image.Length, out _);
        }
    }

    // A footer with one entry, that of the SEV metadata, and the metadata "distance" before the end.
    private static void Build(byte[] image, int sections, int distance)
    {
        Array.Clear(image);
        int end = image.Length - 32;
        new Guid("96b582de-1fb2-45f7-baea-a366c55a082d").ToByteArray().CopyTo(image, end - 16);
        BitConverter.TryWriteBytes(image.AsSpan(end - 18), (ushort)(18 + 22));
        new Guid("dc886566-984a-4798-a75e-5585a7bf67cc").ToByteArray().CopyTo(image, end - 34);
        BitConverter.TryWriteBytes(image.AsSpan(end - 36), (ushort)22);
        BitConverter.TryWriteBytes(image.AsSpan(end - 40), distance);
        int at = image.Length - 1024;
        "ASEV"u8.CopyTo(image.AsSpan(at));
        BitConverter.TryWriteBytes(image.AsSpan(at + 8), 1);
        BitConverter.TryWriteBytes(image.AsSpan(at + 12), sections);
    }

    private static List<JsonElement> Expected() => Vectors == null
        ? []
        : [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Vectors, "launch", "expected.json"))).RootElement.GetProperty("cases").EnumerateArray()];

    private static string? FindVectors()
    {
        if (Environment.GetEnvironmentVariable("LITEBOX_VECTORS") is { Length: > 0 } named)
        {
            return named;
        }
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at != null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "vectors");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }
        return null;
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Harness.Tests;

/// <summary>
/// Real SNP guests, as far as they can be looked at without such a host: QEMU's options against its documentation (qapi/qom.json of QEMU 9.1:
/// SevCommonProperties, SevSnpGuestProperties), and what a host is found to lack.
/// </summary>
public sealed class HardwareSnpTests : IDisposable
{
    private const string ReadyQemu = "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)";
    private static readonly string[] s_properties =
    [
        "id", "sev-device", "cbitpos", "reduced-phys-bits", "kernel-hashes",
        "policy", "guest-visible-workarounds", "id-block", "id-auth", "author-key-enabled", "host-data", "vcek-disabled",
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("snp-host-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_machine_refers_to_the_launch_and_to_memory_that_can_be_private()
    {
        IReadOnlyList<string> arguments = Arguments(new HardwareSnpMachine { Firmware = "OVMF.fd" });
        Assert.Equal("q35,smm=off,confidential-guest-support=sev0,memory-backend=ram0", After(arguments, "-machine").Single());
        Assert.Equal("kvm", After(arguments, "-accel").Single());
        Assert.Equal("EPYC-v4", After(arguments, "-cpu").Single());
        Assert.Equal("OVMF.fd", After(arguments, "-bios").Single());
        Assert.Equal(
            ["memory-backend-memfd,id=ram0,size=512M,share=true", "sev-snp-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x30000"],
            After(arguments, "-object"));
        Assert.Contains("virtio-device.iommu_platform=on", After(arguments, "-global"));
    }

    [Fact]
    public void What_the_operator_decides_is_in_the_launch_in_base64_as_QEMU_wants_it()
    {
        var machine = new HardwareSnpMachine
        {
            Firmware = "OVMF.fd",
            CBit = 47,
            ReducedPhysicalBits = 5,
            Policy = 0x1_0003_0000,
            KernelHashes = true,
            HostData = [.. Enumerable.Range(0, 32).Select(index => (byte)index)],
            IdBlock = (new byte[96], new byte[4096], true),
        };
        string launch = After(Arguments(machine), "-object").Single(value => value.StartsWith("sev-snp-guest", StringComparison.Ordinal));
        var given = launch.Split(',').Skip(1).Select(property => property.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Empty(given.Keys.Except(s_properties));
        Assert.Equal("47", given["cbitpos"]);
        Assert.Equal("5", given["reduced-phys-bits"]);
        Assert.Equal("0x100030000", given["policy"]);
        Assert.Equal("on", given["kernel-hashes"]);
        Assert.Equal("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", given["host-data"]);
        Assert.Equal(96, Convert.FromBase64String(given["id-block"]).Length);
        Assert.Equal(4096, Convert.FromBase64String(given["id-auth"]).Length);
        Assert.Equal("on", given["author-key-enabled"]);
    }

    [Fact]
    public void Hardware_counts_no_instructions_and_takes_host_data_of_one_size() =>
        Assert.Multiple(
            () => Assert.Throws<NotSupportedException>(() => Arguments(new HardwareSnpMachine { Firmware = "f" }, countInstructions: true)),
            () => Assert.Throws<ArgumentOutOfRangeException>(() => Arguments(new HardwareSnpMachine { Firmware = "f", HostData = new byte[31] })));

    [Fact]
    public void A_host_with_everything_lacks_nothing() => Assert.Null(Host("Y\n").Missing);

    [Theory]
    [InlineData(null, true, true, ReadyQemu, "modprobe kvm_amd")]
    [InlineData("N\n", true, true, ReadyQemu, "kvm_amd.sev_snp=1")]
    [InlineData("Y\n", false, true, ReadyQemu, "/dev/kvm")]
    [InlineData("Y\n", true, false, ReadyQemu, "/dev/sev")]
    [InlineData("Y\n", true, true, "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)", "9.1 or later")]
    [InlineData("Y\n", true, true, "QEMU emulator version 9.0.4", "9.1 or later")]
    [InlineData("Y\n", true, true, "", "9.1 or later")]
    public void What_is_missing_is_one_line_with_what_to_do(string? parameter, bool kvm, bool securityProcessor, string qemu, string advice)
    {
        SnpSupport host = Host(parameter, kvm, securityProcessor, qemu);
        string line = $"{host.Missing}: {host.Remedy}";
        Assert.NotNull(host.Missing);
        Assert.Contains(advice, line);
        Assert.DoesNotContain('\n', line);
    }

    private SnpSupport Host(string? parameter, bool kvm = true, bool securityProcessor = true, string qemu = ReadyQemu)
    {
        Directory.CreateDirectory(Path.Combine(_root, "dev"));
        string parameters = Directory.CreateDirectory(Path.Combine(_root, "sys/module/kvm_amd/parameters")).FullName;
        foreach ((string file, string? content) in new[]
        {
            (Path.Combine(parameters, "sev_snp"), parameter),
            (Path.Combine(_root, "dev/kvm"), kvm ? "" : null),
            (Path.Combine(_root, "dev/sev"), securityProcessor ? "" : null),
        })
        {
            if (content != null)
            {
                File.WriteAllText(file, content);
            }
        }

        return SnpSupport.Find(qemu, _root);
    }

    private static IReadOnlyList<string> Arguments(HardwareSnpMachine machine, bool countInstructions = false) =>
        QemuArguments.For(new VirtualMachineOptions { Machine = machine, Boot = new NoBoot(), CountInstructions = countInstructions });

    private static IEnumerable<string> After(IReadOnlyList<string> arguments, string option) =>
        arguments.Zip(arguments.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second);
}

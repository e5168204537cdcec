using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using LiteBox.Attestation;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace LiteBox.Tool.Tests;

/// <summary>
/// `litebox build`, `litebox measure` and a machine, for every form of workload: what was built boots everywhere, and as an SNP guest
/// with the measurement that was predicted: the machine's own word for it, and the report that the guest got from inside.
/// </summary>
public sealed class ImageBootTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset When = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string TestRoot = Repository.PathOf("tests/TestRoot");
    private readonly string _folder = Directory.CreateTempSubdirectory("litebox-boot-").FullName;

    /// <summary>Debian 13's firmware, and the one of Debian's unstable suite that measures what -kernel names.</summary>
    private static string Ovmf => Repository.Built("firmware/ovmf/OVMF.fd");

    private static string OvmfForKernels => Repository.Built("firmware/amdsev/OVMF.amdsev.fd");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(WorkloadForm.Directory)]
    [InlineData(WorkloadForm.Program)]
    [InlineData(WorkloadForm.Container)]
    public async Task What_is_built_boots_everywhere_with_the_predicted_measurement(WorkloadForm form)
    {
        string source = form.Make(_folder);
        string disk = Path.Combine(_folder, "disk.img");
        string application = Path.Combine(_folder, "litebox.efi");
        _ = LiteBoxCommand.Run("build", source, "--output", disk).Text;
        _ = LiteBoxCommand.Run("build", source, "--output", application, "--format", "uki").Text;

        await BootPlain(form, new DiskBoot(disk));
        await BootPlain(form, new KernelBoot(application, null, ""));
        await BootMeasured(form, new DiskBoot(disk), Ovmf, Measure(Ovmf));
        await BootMeasured(form, new KernelBoot(application, null, ""), OvmfForKernels, Measure(OvmfForKernels, "--kernel", application));
    }

    private static string Measure(string firmware, params string[] more) => LiteBoxCommand.Run(
        ["measure", "--mode", "snp", "--vcpus", "1", "--vcpu-type", "EPYC-Milan", "--ovmf", firmware, .. more]).Text.Trim();

    private static async Task BootPlain(WorkloadForm form, BootSource boot) =>
        Check(form, await VirtualMachine.RunToEndAsync(new VirtualMachineOptions { Machine = new PlainMachine { Firmware = Ovmf }, Boot = boot }, Limit));

    private async Task BootMeasured(WorkloadForm form, BootSource boot, string firmware, string measurement)
    {
        var machine = new SoftwareSnpMachine
        {
            Rom = Repository.Built("bin/LiteBox.SnpMachine/snpmachine.rom"),
            Firmware = firmware,
            Settings = new SnpSettings { TestRoot = TestRoot, KernelHashes = boot is KernelBoot },
            Folder = Path.Combine(_folder, $"snp-{boot.GetType().Name}"),
        };
        MachineRun run = await VirtualMachine.RunToEndAsync(new VirtualMachineOptions { Machine = machine, Boot = boot }, Limit);
        Assert.True(run.End == MachineEnd.PowerOff, $"{machine.Record.Text}\n{run.Errors}\n{run.Console}");
        Check(form, run);
        Assert.Empty(machine.Record.Refusals);
        Assert.Equal(measurement, machine.Record.LaunchDigest);
        Verify(run.Console, measurement);
    }

    /// <summary>The report verifies down to the test root, and its MEASUREMENT is the predicted one.</summary>
    private static void Verify(string console, string measurement)
    {
        Match report = Regex.Match(console, "^REPORT ([0-9a-f]+)\r?$", RegexOptions.Multiline);
        Assert.True(report.Success, console);
        byte[] Certificate(string name) => File.ReadAllBytes(Path.Combine(TestRoot, "milan", $"{name}.der"));
        var certificates = new CertificateSet();
        Assert.All(["vcek", "ask", "ark"], name => Assert.Null(certificates.Add(Certificate(name), name)));
        var policy = new VerificationPolicy
        {
            Measurements = [new NamedDigest(null, Convert.FromHexString(measurement))],
            ReportData = [.. Enumerable.Range(0, 64).Select(value => (byte)value)],
        };
        VerificationResult result = ReportVerifier.Verify(Convert.FromHexString(report.Groups[1].Value), certificates, policy, When,
            TrustAnchors.Only([AmdCertificate.Parse(Certificate("ark")).Value!]));
        Assert.True(result.Accepted, string.Join('\n', result.Failures));
    }

    private static void Check(WorkloadForm form, MachineRun run)
    {
        Assert.Contains(form.Greeting(), run.Console, StringComparison.Ordinal);
        Assert.Equal(form.Status(), run.Workload.ExitStatus);
    }
}

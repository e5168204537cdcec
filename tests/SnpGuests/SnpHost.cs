using System;
using System.IO;
using System.Threading.Tasks;
using LiteBox.Attestation;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;
using Xunit.Abstractions;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace LiteBox.SnpGuests.Tests;

/// <summary>Guests in the SNP machine: run, judged and told about.</summary>
internal static class SnpHost
{
    private static readonly TimeSpan s_quietLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_busyLimit = TimeSpan.FromSeconds(30);

    /// <summary>The OVMF of Debian's unstable suite that measures kernels.</summary>
    public static string OvmfForKernels => Repository.Built("firmware/amdsev/OVMF.amdsev.fd");

    /// <summary>Runs a guest to its end. Its console stays in the run's folder, beside what the machine said.</summary>
    public static async Task<(MachineRun Run, SnpRecord Record)> RunAsync(VirtualMachineOptions options, TimeSpan limit)
    {
        MachineRun run = await VirtualMachine.RunToEndAsync(options, limit);
        SoftwareSnpMachine machine = (SoftwareSnpMachine)options.Machine;
        await File.WriteAllTextAsync(Path.Combine(machine.Folder, "console.txt"), run.Console, System.Text.Encoding.Latin1);
        return (run, machine.Record);
    }

    /// <summary>
    /// A guest comes so far in fifteen seconds of processor time; in thirty on a computer that has more to do than processors, where the same work
    /// takes longer, because caches and cores are shared.
    /// </summary>
    public static void CheckProcessorTime(VirtualMachine guest, string reached, ITestOutputHelper output)
    {
        TimeSpan used = guest.ProcessorTime;
        double load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        string told = $"{reached}: {used.TotalSeconds:F1} s of processor time at a load of {load:F1}";
        output.WriteLine(told);
        // The guest itself is one or two of them.
        bool isBusy = load > Environment.ProcessorCount + 1;
        Assert.True(used < (isBusy ? s_busyLimit : s_quietLimit), told);
    }

    /// <summary>The launch digest that the attestation library expects of a guest without a measured kernel.</summary>
    public static byte[] Digest(FirmwareImage firmware, int cpus) => LaunchMeasurement.Compute(
        new LaunchInputs { Firmware = firmware, Vcpus = cpus, VcpuSignature = VcpuType.FindSignature("EPYC-Milan")!.Value }).Value!.Digest;

    /// <summary>Everything that is known of a run, for the message of a failed test.</summary>
    public static string Tell(MachineRun run, SnpRecord record) =>
        $"{run.End} after {run.Elapsed.TotalSeconds:F0} s\n{record.Text}\n{run.Errors}\n{run.Console}";

    /// <summary>A file below out/ with this content.</summary>
    public static string Keep(string name, byte[] content)
    {
        string path = Path.Combine(Repository.OutDirectory("snp-files"), $"{Environment.ProcessId}-{name}");
        File.WriteAllBytes(path, content);
        return path;
    }
}

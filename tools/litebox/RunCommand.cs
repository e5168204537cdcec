using System;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using LiteBox.Attestation;
using LiteBox.Qemu;

namespace LiteBox.CommandLine;

/// <summary><c>litebox run</c>: boots an image with the terminal as its console, and ends with the workload's exit status.</summary>
internal static class RunCommand
{
    /// <summary>The platform that was asked for is not to be had here (EX_UNAVAILABLE of sysexits.h).</summary>
    private const int Unavailable = 69;

    private static readonly string[] Platforms = ["auto", "snp", "snp-machine", "plain"];

    public static Command Create()
    {
        var image = new Argument<FileInfo>("image") { Description = "A raw disk image, or an UEFI application (.efi)." };
        var platform = new Option<string>("--platform", "-p")
        {
            Description = "snp: an SEV-SNP guest on an EPYC host; snp-machine: one in software, anywhere; plain: an ordinary VM; auto: snp where the host can, "
                + "else snp-machine.",
            DefaultValueFactory = _ => "auto",
        };
        platform.AcceptOnlyFromAmong(Platforms);
        var firmware = new Option<FileInfo?>("--firmware") { Description = "The firmware (OVMF.fd); by default what set-up fetched." };
        var memory = new Option<int>("--memory", "-m") { Description = "Memory in MiB.", DefaultValueFactory = _ => 512 };
        var cpus = new Option<int>("--cpus") { Description = "Number of processors.", DefaultValueFactory = _ => 1 };
        var cpu = new Option<string>("--cpu") { Description = "QEMU's name of the processor; on SNP hardware it is EPYC-v4.", DefaultValueFactory = _ => "EPYC-Milan" };
        var count = new Option<bool>("--icount") { Description = "Count instructions as time: every run is the same." };
        var limit = new Option<int>("--time-limit") { Description = "End the machine after so many seconds; 0 never does.", DefaultValueFactory = _ => 0 };
        var debugger = new Option<string?>("--gdb") { Description = "Wait for gdb at this address, for example tcp:127.0.0.1:1234." };
        var log = new Option<FileInfo?>("--console-log") { Description = "A file that gets a copy of the console." };
        var cBit = new Option<int>("--c-bit") { Description = "In the SNP machine: position of the C-bit, 47 or 51.", DefaultValueFactory = _ => 47 };
        cBit.AcceptOnlyFromAmong("47", "51");
        var machineLog = new Option<DirectoryInfo?>("--machine-log")
        {
            Description = "A folder that gets all that the SNP machine says: machine.txt, and events and counters in machine.jsonl.",
        };
        var attest = new Option<FileInfo?>("--attest")
        {
            Description = "A file with the workload's secret. It goes in over the console, and only after the guest's report has the measurement of this very launch.",
        };
        var policyFile = new Option<string?>("--policy") { Description = "With --attest: a policy file that the report has to meet too." };
        var command = new ToolCommand("run", """
            Boots an image in a virtual machine: as an SEV-SNP guest by default. The terminal is its console, ^C goes to the workload.
            Ends with the workload's exit status; 69 when the platform is not to be had here.
            """,
            """
            litebox run out/disk.img
            litebox run out/disk.img --platform plain
            """)
        {
            image, platform, firmware, memory, cpus, cpu, count, limit, debugger, log, cBit, machineLog, attest, policyFile,
        };
        command.SetAction(async (parsed, _) =>
        {
            string path = parsed.GetRequiredValue(image).FullName;
            byte[]? secret = parsed.GetValue(attest) is { } secretFile ? ReadSecret(secretFile.FullName) : null;
            PlatformChoice choice = Choose(parsed.GetRequiredValue(platform), parsed.GetValue(count));
            BootSource boot = BootOf(path);
            bool measuresKernel = boot is KernelBoot && choice.Platform != Platform.Plain;
            using var own = new RunFolder(parsed.GetValue(machineLog)?.FullName);
            var options = new VirtualMachineOptions
            {
                Machine = MachineOf(choice.Platform, parsed.GetValue(firmware), measuresKernel, parsed.GetRequiredValue(cBit), own.Path),
                Boot = boot,
                MemoryMiB = parsed.GetRequiredValue(memory),
                Cpus = parsed.GetRequiredValue(cpus),
                CpuModel = parsed.GetRequiredValue(cpu),
                CountInstructions = parsed.GetValue(count),
                DebuggerAddress = parsed.GetValue(debugger),
            };
            int seconds = parsed.GetRequiredValue(limit);
            string consoleLog = parsed.GetValue(log)?.FullName ?? Path.Combine(own.Path, "console.log");
            Console.Error.WriteLine($"litebox: {options.Machine.Description} ({choice.Reason}); {options.MemoryMiB} MiB, {path}");
            if (secret != null)
            {
                return await RunAttestedAsync(options, secret, parsed.GetValue(policyFile), seconds == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds));
            }

            MachineRun run = await TerminalSession.RunAsync(options, consoleLog, seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds));
            return Report(run, (options.Machine as SoftwareSnpMachine)?.Record);
        });
        return command;
    }

    private static byte[] ReadSecret(string path)
    {
        byte[] secret = InputFile.Read(path);
        return secret.Length <= AttestedSession.LongestSecret ? secret
            : throw CommandFailure.Usage("--attest", $"{path} has {secret.Length} bytes, the console takes {AttestedSession.LongestSecret}; give a key, and send what it encrypts another way");
    }

    private static async Task<int> RunAttestedAsync(VirtualMachineOptions options, byte[] secret, string? policyFile, TimeSpan limit)
    {
        VerificationPolicy policy = policyFile == null ? new VerificationPolicy() : PolicyFile.Parse(InputFile.Read(policyFile)).OrFail(policyFile);
        byte[] measurement = LaunchPolicy.Measure(options);
        TrustAnchors anchors = LaunchPolicy.Anchors(options.Machine);
        (MachineRun? run, VerificationResult? result) = await AttestedSession.RunAsync(options, secret, (nonce, report, table) =>
        {
            var certificates = new CertificateSet();
            if (table.Length != 0 && certificates.AddTable(table, "litebox-attest: certs") is { } fault)
            {
                throw new CommandFailure(ExitCode.Malformed, fault.ToString());
            }

            policy = policy with { Measurements = [new NamedDigest("this launch", measurement)], ReportData = nonce };
            return ReportVerifier.Verify(report, certificates, policy, DateTimeOffset.UtcNow, anchors);
        }, limit);
        if (result == null)
        {
            Console.Error.WriteLine("litebox: --attest: the guest ended without having shown a report; docs/attestation.md says what it has to write");
            return ExitCode.EvidenceMissing;
        }

        Console.Error.WriteLine($"litebox: report {(result.Accepted ? "accepted, the secret went in" : "refused, the secret stays here")}: "
            + string.Join("; ", result.Accepted ? [$"measurement {Convert.ToHexStringLower(measurement)}"] : result.Failures.Select(check => $"{check.Id}: {check.Reason}")));
        return run == null ? ExitCode.Of(result) : Report(run, (options.Machine as SoftwareSnpMachine)?.Record);
    }

    private static PlatformChoice Choose(string name, bool countInstructions)
    {
        Platform wanted = name switch
        {
            "snp" => Platform.Snp,
            "snp-machine" => Platform.SnpMachine,
            "plain" => Platform.Plain,
            _ => Platform.Auto,
        };
        PlatformChoice choice = PlatformChoice.Of(wanted, SnpSupport.Find(QemuVersion()), countInstructions);
        return choice.Obstacle is { } obstacle ? throw new CommandFailure(Unavailable, $"--platform {name}: {obstacle}") : choice;
    }

    private static string QemuVersion()
    {
        try
        {
            using Process? qemu = Process.Start(new ProcessStartInfo(VirtualMachineOptions.DefaultProgram, "--version") { RedirectStandardOutput = true });
            return qemu?.StandardOutput.ReadLine() ?? "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new UsageException($"{VirtualMachineOptions.DefaultProgram} is not there: `make setup` installs it");
        }
    }

    private static Machine MachineOf(Platform platform, FileInfo? namedFirmware, bool measuresKernel, int cBit, string folder)
    {
        // What -kernel names is measured by a firmware that was built for it.
        string firmware = SourceTree.Part(namedFirmware, measuresKernel ? "firmware/amdsev/OVMF.amdsev.fd" : "firmware/ovmf/OVMF.fd", "--firmware");
        switch (platform)
        {
            case Platform.Plain:
                return new PlainMachine { Firmware = firmware };
            case Platform.Snp:
                (int hostCBit, int reducedBits) = SnpSupport.Encryption();
                return new HardwareSnpMachine { Firmware = firmware, CBit = hostCBit, ReducedPhysicalBits = reducedBits, KernelHashes = measuresKernel };
        }

        string rom = SourceTree.Find("bin/LiteBox.SnpMachine/snpmachine.rom")
            ?? throw new UsageException("the SNP machine is not built: `make snpmachine` builds it, --platform plain does without");
        string testRoot = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(rom)!, "../../../tests/TestRoot"));
        return new SoftwareSnpMachine
        {
            Rom = rom,
            Firmware = firmware,
            Settings = new SnpSettings { TestRoot = testRoot, CBit = cBit, KernelHashes = measuresKernel },
            Folder = folder,
        };
    }

    private static BootSource BootOf(string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"{path}: no such file: make an image with `litebox build`");
        }

        return Path.GetExtension(path) == ".efi" ? new KernelBoot(path, null, "") : new DiskBoot(path);
    }

    private static int Report(MachineRun run, SnpRecord? machine)
    {
        if (machine is { HasTrouble: true })
        {
            Console.Error.Write(machine.Text);
        }
        else if (run.End == MachineEnd.QemuFailed)
        {
            Console.Error.Write(run.Errors);
        }

        string end = run.End switch
        {
            MachineEnd.TimeLimit => "time limit reached; ",
            MachineEnd.QemuFailed => machine is { HasTrouble: true } ? "the SNP machine ended the guest; " : "QEMU failed; ",
            _ => "",
        };
        if (machine != null)
        {
            Console.Error.WriteLine($"litebox: SNP machine: {machine.Summary}");
        }

        WorkloadOutcome outcome = machine?.WorkloadStatus is { } status ? new WorkloadOutcome(WorkloadEnd.Exited, status) : run.Workload;
        Console.Error.WriteLine($"litebox: {end}{outcome}, after {run.Elapsed.TotalSeconds:F1} s");
        return outcome.ExitStatus;
    }

    // What a run needs of files: kept where the user wants to see them, else gone with the run.
    private sealed class RunFolder(string? kept) : IDisposable
    {
        public string Path { get; } = kept ?? Directory.CreateTempSubdirectory("litebox-run-").FullName;

        public void Dispose()
        {
            if (kept == null)
            {
                Directory.Delete(Path, recursive: true);
            }
        }
    }
}

using System;
using System.CommandLine;
using System.IO;
using System.Threading;
using LiteBox.Qemu;
using Spectre.Console;

namespace LiteBox.CommandLine;

/// <summary><c>litebox run</c>: boots an image with the terminal as its console, and ends with the workload's exit status.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var image = new Argument<FileInfo>("image") { Description = "A raw disk image, or an UEFI application (.efi)." };
        var firmware = new Option<FileInfo?>("--firmware") { Description = "The firmware (OVMF.fd); by default what set-up fetched." };
        var memory = new Option<int>("--memory", "-m") { Description = "Memory in MiB.", DefaultValueFactory = _ => 512 };
        var cpus = new Option<int>("--cpus") { Description = "Number of processors.", DefaultValueFactory = _ => 1 };
        var cpu = new Option<string>("--cpu") { Description = "QEMU's name of the processor.", DefaultValueFactory = _ => "EPYC-Milan" };
        var count = new Option<bool>("--icount") { Description = "Count instructions as time: every run is the same." };
        var limit = new Option<int>("--time-limit") { Description = "End the machine after so many seconds; 0 never does.", DefaultValueFactory = _ => 0 };
        var debugger = new Option<string?>("--gdb") { Description = "Wait for gdb at this address, for example tcp:127.0.0.1:1234." };
        var log = new Option<FileInfo?>("--console-log") { Description = "A file that gets a copy of the console." };
        var snp = new Option<bool>("--snp") { Description = "Run it as an SEV-SNP guest, in the SNP machine in software." };
        var cBit = new Option<int>("--c-bit") { Description = "With --snp: position of the C-bit, 47 or 51.", DefaultValueFactory = _ => 47 };
        var command = new Command("run", """
            Boots an image in a virtual machine, a plain one or an SEV-SNP guest in software. The terminal is its console, ^C goes to the workload.
            Example: litebox run disk.img
            """)
        {
            image, firmware, memory, cpus, cpu, count, limit, debugger, log, snp, cBit,
        };
        command.SetAction(async (parsed, _) =>
        {
            string path = parsed.GetRequiredValue(image).FullName;
            var options = new VirtualMachineOptions
            {
                Machine = MachineOf(
                    SourceTree.Part(parsed.GetValue(firmware), "firmware/ovmf/OVMF.fd", "--firmware"), parsed.GetValue(snp), parsed.GetRequiredValue(cBit)),
                Boot = BootOf(path),
                MemoryMiB = parsed.GetRequiredValue(memory),
                Cpus = parsed.GetRequiredValue(cpus),
                CpuModel = parsed.GetRequiredValue(cpu),
                CountInstructions = parsed.GetValue(count),
                DebuggerAddress = parsed.GetValue(debugger),
            };
            int seconds = parsed.GetRequiredValue(limit);
            string consoleLog = parsed.GetValue(log)?.FullName ?? Path.GetTempFileName();
            Console.Error.WriteLine($"litebox: {options.Machine.Description}, {options.MemoryMiB} MiB, {path}");
            MachineRun run = await TerminalSession.RunAsync(options, consoleLog, seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds));
            if (parsed.GetValue(log) == null)
            {
                File.Delete(consoleLog);
            }

            if (options.Machine is SoftwareSnpMachine software)
            {
                Console.Error.Write(software.Record.Text);
            }

            return Report(run);
        });
        return command;
    }

    private static Machine MachineOf(string firmware, bool snp, int cBit)
    {
        if (!snp)
        {
            return new PlainMachine { Firmware = firmware };
        }

        string rom = SourceTree.Part(null, "bin/LiteBox.SnpMachine/snpmachine.rom", "make snpmachine");
        string built = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(rom)!, "..", ".."));
        return new SoftwareSnpMachine
        {
            Rom = rom,
            Firmware = firmware,
            Settings = new SnpSettings { TestRoot = Path.GetFullPath(Path.Combine(built, "..", "tests", "TestRoot")), CBit = cBit },
            Folder = Path.Combine(built, "snp-run"),
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

    private static int Report(MachineRun run)
    {
        if (run.End == MachineEnd.QemuFailed)
        {
            Console.Error.Write(run.Errors);
        }

        string end = run.End switch
        {
            MachineEnd.TimeLimit => "time limit reached; ",
            MachineEnd.QemuFailed => "QEMU failed; ",
            _ => "",
        };
        Console.Error.WriteLine($"litebox: {end}{run.Workload}, after {run.Elapsed.TotalSeconds:F1} s");
        return run.Workload.ExitStatus;
    }
}

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using LiteBox.GuestKit;
using LiteBox.Qemu;

namespace LiteBox.Conformance.Tests;

/// <summary>What the image printed, by case. It runs once for all tests.</summary>
public class FreestandingRun
{
    private const int Seconds = 120;

    public FreestandingRun()
        : this("out")
    {
    }

    protected FreestandingRun(string outputs)
    {
        (Output, ExitCode) = Boot(Repository.PathOf(outputs + "/bin/LiteBox.Conformance.Image/conformance.elf"));
        string name = "";
        foreach (string line in Output.Split('\n'))
        {
            if (line.StartsWith("=== ", StringComparison.Ordinal))
            {
                name = line[4..];
                Cases[name] = "";
            }
            else if (line.Length > 0)
            {
                Cases[name] = Cases.GetValueOrDefault(name) + line + "\n";
            }
        }

        // For docs/runtime.md.
        File.WriteAllText(Repository.PathOf(outputs + "/runtime-numbers.txt"), Cases.GetValueOrDefault("measures"));
    }

    /// <summary>All that was printed.</summary>
    public string Output { get; }

    /// <summary>QEMU's status: 2 * code + 1.</summary>
    public int ExitCode { get; }

    /// <summary>What each case printed.</summary>
    public Dictionary<string, string> Cases { get; } = [];

    private static (string Output, int ExitCode) Boot(string image)
    {
        string[] arguments =
        [
            "-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off", "-machine", "q35", "-cpu", "max", "-m", "512", "-nodefaults",
            "-vga", "none", "-display", "none", "-no-reboot", "-device", "isa-debugcon,iobase=0xe9,chardev=out", "-chardev", "stdio,id=out",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=1", "-kernel", image,
        ];
        ProcessStartInfo start = new(VirtualMachineOptions.DefaultProgram, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        using System.Threading.Timer timer = new(_ => process.Kill(), null, TimeSpan.FromSeconds(Seconds), System.Threading.Timeout.InfiniteTimeSpan);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, process.ExitCode);
    }
}

/// <summary>The same with red zones and poison in the heap.</summary>
public sealed class CheckedRun() : FreestandingRun("out/checked");

using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace LiteBox.Build.Tests;

/// <summary>Hardening rule T38: who asks CPUID what. A new name here is a decision: what it enables must expect a host that lies.</summary>
public sealed partial class CpuidConsumersTests
{
    private static readonly string[] Consumers =
    [
        "kernel/North/Files/ProcessFiles/ProcessorText.cs", // /proc/cpuinfo
        "kernel/North/LinuxKernel.cs", // sizes of signal frames
        "kernel/North/Programs/ProgramBuilder.cs", // AT_HWCAP
        "kernel/South/Plain/PlainHardware.cs",
        "kernel/South/Plain/PlainMachine.cs",
        "kernel/South/Plain/PlainStart.cs", // physical address bits
        "kernel/South/Processors/ExtendedState.cs",
        "kernel/South/Processors/ProcessorFeatures.cs",
        "kernel/South/Snp/SnpGuest.cs", // C-bit, physical address bits, eviction
        "kernel/South/Snp/SnpHardware.cs",
        "kernel/South/Snp/UserVmmCommunication.cs", // programs' own
        "kernel/South/Timekeeping/Calibration.cs", // a hint, compared with a measurement
    ];

    [Fact]
    public void The_kernels_consumers_of_CPUID_are_known() => Assert.Equal(Consumers, FilesWith(Question()).Order(StringComparer.Ordinal));

    [Fact]
    public void No_maker_or_hypervisor_is_asked_for_by_name() => Assert.Empty(FilesWith(Signature()));

    private static string[] FilesWith(Regex pattern) =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "kernel"), "*.cs", SearchOption.AllDirectories)
            .Where(path => File.ReadLines(path).Any(line => pattern.IsMatch(line) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))];

    [GeneratedRegex(@"(\.Cpuid|\b(table|cpuid)\.Query)\(")]
    private static partial Regex Question();

    [GeneratedRegex("AuthenticAMD|GenuineIntel|KVMKVMKVM|Microsoft Hv|XenVMMXenVMM|TCGTCGTCGTCG|VMwareVMware")]
    private static partial Regex Signature();
}

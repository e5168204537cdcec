using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LiteBox.GuestKit;

namespace LiteBox.Bench;

/// <summary>What was measured, as the tables of docs/numbers.md. A column that was not measured is not shown.</summary>
internal sealed record Report
{
    private static readonly IReadOnlyDictionary<string, Row> s_none = new Dictionary<string, Row>();

    public required IReadOnlyList<string> Rows { get; init; }

    public IReadOnlyDictionary<string, Row> PlainLinux { get; init; } = s_none;

    public IReadOnlyDictionary<string, Row> PlainOurs { get; init; } = s_none;

    public IReadOnlyDictionary<string, Row> SnpLinux { get; init; } = s_none;

    public IReadOnlyDictionary<string, Row> SnpOurs { get; init; } = s_none;

    public ExitCounts? LinuxExits { get; init; }

    public ExitCounts? OurExits { get; init; }

    /// <summary>The whole document.</summary>
    public string Markdown() => string.Create(CultureInfo.InvariantCulture, $"""
        # Numbers

        Written by `make bench`. Instructions per operation, counted by QEMU (TCG, `-icount shift=0,sleep=off`, one thread, `{Qemu.VirtualMachineOptions.YardstickCpu}`,
        one processor, 512 MiB): the same static binary (`tests/bench/lbench.c`, musl, -O2) in the same QEMU under the same firmware,
        on Debian's Linux ({KernelPackage()}; `noxsave mitigations=off quiet`) and on LiteBox.Snp, on a plain VM and as SNP guests
        in the SNP machine (C-bit at 47). A ratio below 1 means that LiteBox.Snp needs fewer instructions. `tsc-at-start` is the whole boot, firmware included.

        In the SNP columns the instructions of the SNP machine itself are counted too, because it runs on the same processor: they stand where
        hardware and the host's kernel would work. The same machine serves both kernels.

        {Table()}
        ## Exits

        How often the guest leaves to its host, counted by the SNP machine. `per boot` is everything from reset to switching off with a program that does
        nothing, firmware included. It counts world switches that hardware does not need, too: by them the machine sees PVALIDATE, writes of CR0, registers that
        SEV-ES leaves to the guest, and the first touch of a page. `requests` are those that the guest makes of its host by GHCB page or MSR, on hardware as well.
        The others are differences between two boots, over the number of operations. Both kernels are booted without a disk here, by `-kernel`.

        {ExitTable()}
        """);

    /// <summary>Instructions per operation.</summary>
    public string Table()
    {
        var text = new StringBuilder("""
            | operation | Linux | LiteBox.Snp | ratio | Linux, SNP | LiteBox.Snp, SNP | ratio, SNP |
            |---|---:|---:|---:|---:|---:|---:|

            """);
        foreach (string name in Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Columns(PlainLinux, PlainOurs, name)} | {Columns(SnpLinux, SnpOurs, name)} |\n");
        }

        return text.ToString();
    }

    /// <summary>Exits per boot, system call and page.</summary>
    public string ExitTable()
    {
        var text = new StringBuilder("""
            | exits | Linux | LiteBox.Snp |
            |---|---:|---:|

            """);
        foreach ((string name, Func<ExitCounts, double> figure, string format) in new (string, Func<ExitCounts, double>, string)[]
        {
            ("per boot", counts => counts.Boot, "F0"),
            ("per boot, requests", counts => counts.BootRequests, "F0"),
            ("per system call", counts => counts.SystemCall, "F4"),
            ("per page touched first", counts => counts.Page, "F4"),
        })
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Exits(LinuxExits)} | {Exits(OurExits)} |\n");
            string Exits(ExitCounts? counts) => counts == null ? "" : figure(counts).ToString(format, CultureInfo.InvariantCulture);
        }

        return text.ToString();
    }

    private static string Columns(IReadOnlyDictionary<string, Row> linux, IReadOnlyDictionary<string, Row> ours, string name)
    {
        Row? theirs = linux.GetValueOrDefault(name);
        Row? mine = ours.GetValueOrDefault(name);
        string ratio = theirs?.Instructions is { } left && mine?.Instructions is { } right ? (right / left).ToString("F2", CultureInfo.InvariantCulture) : "";
        return $"{Figure(theirs)} | {Figure(mine)} | {ratio}";
    }

    private static string Figure(Row? row) =>
        row == null ? "" : row.Instructions?.ToString("F1", CultureInfo.InvariantCulture) ?? "failed: " + row.Failure;

    private static string KernelPackage() => string.Join(' ', GuestKernel.Linux.Version.Split('\n').Select(line => line.Split(' ')[^1])).Trim();
}

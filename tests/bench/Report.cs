using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using LiteBox.GuestKit;

namespace LiteBox.Bench;

/// <summary>The table of docs/numbers.md.</summary>
internal static class Report
{
    public static string Markdown(IReadOnlyDictionary<string, Row> linux, IReadOnlyDictionary<string, Row> ours)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Numbers

            Written by `make bench`. Instructions per operation, counted by QEMU (TCG, `-icount shift=0,sleep=off`, one thread, `{Qemu.VirtualMachineOptions.YardstickCpu}`,
            one processor, 512 MiB): the same static binary (`tests/bench/lbench.c`, musl, -O2) in the same QEMU under the same firmware,
            on Debian's Linux ({KernelPackage()}; `noxsave mitigations=off quiet`) and on LiteBox.Snp. Plain VM, not SNP.
            A ratio below 1 means that LiteBox.Snp needs fewer instructions. `tsc-at-start` is the whole boot, firmware included.

            | operation | Linux | LiteBox.Snp | ratio |
            |---|---:|---:|---:|

            """);
        foreach (Row row in linux.Values)
        {
            Row? mine = ours.GetValueOrDefault(row.Name);
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {Figure(row)} | {Figure(mine)} | {Ratio(row, mine)} |\n");
        }

        return text.ToString();
    }

    public static string Ratio(Row linux, Row? ours) =>
        linux.Instructions is { } theirs && ours?.Instructions is { } mine ? (mine / theirs).ToString("F2", CultureInfo.InvariantCulture) : "";

    public static string Figure(Row? row) =>
        row == null ? "not measured" : row.Instructions?.ToString("F1", CultureInfo.InvariantCulture) ?? "failed: " + row.Failure;

    private static string KernelPackage() => string.Join(' ', GuestKernel.Linux.Version.Split('\n').Select(line => line.Split(' ')[^1])).Trim();
}

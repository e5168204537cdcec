using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Image;
using LiteBox.Qemu;

namespace LiteBox.Bench;

/// <summary>All rows of lbench on one kernel. A row that ends the machine costs one boot, and is noted.</summary>
internal static class Measurement
{
    private const int MostBoots = 8;

    /// <summary>How long a boot may take in real time.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Measures.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="rows">The rows to measure; all in one boot, and all again from the one behind a row that ended the machine.</param>
    public static async Task<IReadOnlyDictionary<string, Row>> OfAsync(GuestKernel kernel, IReadOnlyList<string> rows)
    {
        var found = new Dictionary<string, Row>();
        IReadOnlyList<string> left = [];
        for (int boot = 0; boot < MostBoots; boot++)
        {
            MachineRun run = await VirtualMachine.RunToEndAsync(kernel.Machine(Initrd(left)), Limit);
            foreach (Row row in run.Console.Split('\n').Select(Row.Parse).OfType<Row>())
            {
                found[row.Name] = row;
            }

            string? lost = rows.FirstOrDefault(row => !found.ContainsKey(row));
            if (lost == null)
            {
                break;
            }

            found[lost] = new Row(lost, null, run.End == MachineEnd.TimeLimit ? "did not end" : $"ended the machine: {run.Workload}");
            left = [.. rows.Where(row => !found.ContainsKey(row))];
            if (left.Count == 0)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>An initrd whose /init runs lbench.</summary>
    /// <param name="rows">The names of its rows; all without any.</param>
    public static byte[] Initrd(IReadOnlyList<string> rows)
    {
        RootFileSystem files = GuestFiles.WithInit("bench", Repository.PathOf("tests/bench/init"));
        files.AddProgram("bin/lbench", GuestProgram.Compile(Repository.PathOf("tests/bench/lbench.c")));
        files.AddFile("rows", Encoding.ASCII.GetBytes(string.Join(' ', rows)));
        return files.ToInitrd();
    }
}

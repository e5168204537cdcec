using System;
using System.Linq;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Qemu;

namespace LiteBox.Bench;

/// <summary>
/// How often an SNP guest leaves to its host, from the SNP machine's own counters. The machine tells them at its end, so an operation's share
/// is the difference between a run with many of them and a run without; the same boot is in both, because instructions are time.
/// </summary>
/// <param name="Boot">World switches from reset to the end of a machine whose program does nothing: firmware, kernel, switching off.</param>
/// <param name="BootRequests">Requests to the host among them, by GHCB page or MSR.</param>
/// <param name="SystemCall">World switches for one system call that does nothing.</param>
/// <param name="Page">World switches for one page that a program touches first.</param>
internal sealed record ExitCounts(double Boot, double BootRequests, double SystemCall, double Page)
{
    private const string NoRow = "none";

    /// <summary>Counts, in three boots.</summary>
    /// <param name="kernel">A kernel in the SNP machine.</param>
    public static async Task<ExitCounts> OfAsync(GuestKernel kernel)
    {
        (SnpRecord nothing, _) = await RunAsync(kernel, NoRow);
        return new ExitCounts(nothing.Exits, nothing.Requests, await ShareAsync("syscall-null"), await ShareAsync("page-fault"));

        async Task<double> ShareAsync(string row)
        {
            (SnpRecord record, Row? measured) = await RunAsync(kernel, row);
            long operations = measured!.Measured + measured.Measured / 10 + 1;
            return ((double)record.Exits - nothing.Exits) / operations;
        }
    }

    private static async Task<(SnpRecord Record, Row? Row)> RunAsync(GuestKernel kernel, string row)
    {
        VirtualMachineOptions options = kernel.Machine(Measurement.Initrd([row]));
        MachineRun run = await VirtualMachine.RunToEndAsync(options, Measurement.Limit);
        Row? found = run.Console.Split('\n').Select(Row.Parse).OfType<Row>().FirstOrDefault(candidate => candidate.Name == row);
        SnpRecord record = ((SoftwareSnpMachine)options.Machine).Record;
        return run.End == MachineEnd.PowerOff && record.Exits != 0 && (found != null || row == NoRow)
            ? (record, found)
            : throw new InvalidOperationException($"{kernel.Name} did not come to its end with {row}: {run.End}\n{record.Text}\n{run.Errors}\n{run.Console}");
    }
}

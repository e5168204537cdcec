using System.Text;
using LiteBox.Abi;
using LiteBox.North.SystemCalls;

namespace LiteBox.SyscallTable;

/// <summary>docs/syscalls.md: every system call of Linux on x86-64, and how much of it is here.</summary>
public static class SyscallDocument
{
    /// <summary>The whole document.</summary>
    public static string Create()
    {
        var table = new North.SystemCalls.SystemCallTable();
        SystemCallRooms.AddAll(table);
        int full = 0;
        int partial = 0;
        int none = 0;
        var rows = new StringBuilder();
        var missing = new StringBuilder();
        for (int number = 0; number < SystemCallNames.Count; number++)
        {
            SystemCallEntry entry = table.Find((ulong)number);
            if (entry.Name is null)
            {
                continue;
            }

            switch (entry.Support)
            {
                case SystemCallSupport.Full:
                    full++;
                    break;
                case SystemCallSupport.Partial:
                    partial++;
                    break;
                default:
                    none++;
                    missing.Append(missing.Length == 0 ? "" : ", ").Append(entry.Name);
                    continue;
            }

            string support = entry.Support == SystemCallSupport.Full ? "full" : "partial";
            rows.Append($"| {number} | {entry.Name} | {support} | {entry.HeapBytes} | {entry.Notes.Replace("|", "\\|")} |\n");
        }

        return $"""
            # System calls

            Written by `tools/SyscallTable` from the kernel's own table; a test fails where this file is not what the table says.

            {full} calls are as Linux has them as far as is known, {partial} have their common part, {none} answer ENOSYS (and leave one line in the log).
            "Heap" is what a call reserves of the kernel's heap before it begins, in bytes: without it the call answers ENOMEM.

            | number | name | support | heap | notes |
            |---|---|---|---|---|
            {rows.ToString().TrimEnd('\n')}

            ## ENOSYS

            {missing}

            """;
    }
}

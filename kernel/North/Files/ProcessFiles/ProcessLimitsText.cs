using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;

namespace LiteBox.North.Files;

/// <summary>/proc/PID/limits (fs/proc/base.c, lnames).</summary>
internal static class ProcessLimitsText
{
    private static readonly string[] Names =
    [
        "Max cpu time", "Max file size", "Max data size", "Max stack size", "Max core file size", "Max resident set", "Max processes", "Max open files",
        "Max locked memory", "Max address space", "Max file locks", "Max pending signals", "Max msgqueue size", "Max nice priority",
        "Max realtime priority", "Max realtime timeout",
    ];

    private static readonly string[] Units =
    [
        "seconds", "bytes", "bytes", "bytes", "bytes", "bytes", "processes", "files", "bytes", "bytes", "locks", "signals", "bytes", "", "", "us",
    ];

    public static Errno Write(Task reader, ProcessSubject subject, ref TextWriter text)
    {
        text.Add("Limit                     Soft Limit           Hard Limit           Units     \n"u8);
        for (int i = 0; i < Names.Length; i++)
        {
            ResourceLimit limit = subject.Process.Limits[(Resource)i];
            int start = text.Length;
            text.Add(Names[i]);
            text.PadTo(start, 26);
            AddLimit(ref text, limit.Current);
            AddLimit(ref text, limit.Maximum);
            start = text.Length;
            text.Add(Units[i]);
            if (Units[i].Length > 0)
            {
                text.PadTo(start, 10);
            }

            text.Add((byte)'\n');
        }

        return Errno.None;
    }

    private static void AddLimit(ref TextWriter text, ulong limit)
    {
        int start = text.Length;
        if (limit == ResourceLimits.Infinity)
        {
            text.Add("unlimited"u8);
        }
        else
        {
            text.AddUnsigned(limit);
        }

        text.PadTo(start, 20);
        text.Add((byte)' ');
    }
}

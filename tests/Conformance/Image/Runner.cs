using LiteBox.Runtime;
using System;

namespace LiteBox.Conformance;

/// <summary>Runs the cases and writes each with a heading, for the test outside to compare.</summary>
internal static class Runner
{
    internal static void Run()
    {
        RunCases("");
        foreach ((string name, Func<string> run) in HeapCases.List)
        {
            Machine.Write($"=== heap/{name}\n");
            Machine.Write(run());
            Machine.Write("\n");
        }

        foreach ((string name, Func<string> run) in ConstantTimeCases.List)
        {
            Machine.Write($"=== constant-time/{name}\n");
            Machine.Write(run());
            Machine.Write("\n");
        }

        Machine.Write("=== measures\n");
        Measures.Print();
        Heap.Collect();
        Heap.Torture = true;
        RunCases("torture/");
        Heap.Torture = false;
        Heap.Verify();
        Machine.Write("=== end\n");
    }

    private static void RunCases(string prefix)
    {
        foreach ((string name, Action<Report> run) in AllCases.List)
        {
            Report report = new();
            Machine.Write($"=== {prefix}{name}\n");
            run(report);
            Machine.Write(report.ToString());
        }
    }
}

namespace LiteBox.Conformance;

/// <summary>Runs the cases and writes each with a heading, for the test outside to compare.</summary>
internal static class Runner
{
    internal static void Run()
    {
        foreach ((string name, System.Action<Report> run) in AllCases.List)
        {
            Report report = new();
            Machine.Write("=== ");
            Machine.Write(name);
            Machine.Write("\n");
            run(report);
            Machine.Write(report.ToString());
        }

        Machine.Write("=== end\n");
    }
}

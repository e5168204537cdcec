using System.Text;
using System.Text.Json;
using LiteBox.Attestation;
using Spectre.Console;

namespace LiteBox.CommandLine;

/// <summary>How commands speak: tables for people, JSON for programs.</summary>
internal static class Output
{
    /// <summary>Writes one JSON document to the standard output.</summary>
    internal static void Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonValues.Options))
        {
            write(writer);
        }

        Console.Out.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>Writes names and values in two columns.</summary>
    internal static void Fields(string title, IEnumerable<(string Name, string Value)> fields)
    {
        Console.Out.WriteLine(title);
        foreach (var (name, value) in fields)
        {
            Console.Out.WriteLine($"  {name,-24} {value}");
        }

        Console.Out.WriteLine();
    }

    /// <summary>Writes every check with its outcome and reason, and the verdict.</summary>
    internal static void Checks(IReadOnlyList<CheckResult> checks, bool accepted, bool showSkipped)
    {
        var console = CreateConsole();
        foreach (var check in checks.Where(check => showSkipped || check.Outcome != CheckOutcome.Skipped))
        {
            var (mark, colour) = check.Outcome switch
            {
                CheckOutcome.Passed => ("pass", "green"),
                CheckOutcome.Failed => ("FAIL", "red"),
                _ => ("skip", "grey"),
            };
            console.MarkupLine($"[{colour}]{mark}[/]  {check.Id,-24} {Markup.Escape(check.Reason)}");
            if (check.Outcome == CheckOutcome.Failed && check.Expected is { } expected)
            {
                console.MarkupLine($"      {"",-24} wanted {Markup.Escape(expected)}");
                console.MarkupLine($"      {"",-24} found  {Markup.Escape(check.Actual ?? "")}");
            }
        }

        var failed = checks.Count(check => check.Outcome == CheckOutcome.Failed);
        var counts = $"{checks.Count(check => check.Outcome == CheckOutcome.Passed)} passed, {failed} failed, {checks.Count(check => check.Outcome == CheckOutcome.Skipped)} skipped";
        console.WriteLine();
        console.MarkupLine(accepted ? $"[green]ACCEPTED[/]  {counts}" : $"[red]REFUSED[/]  {counts}");
    }

    /// <summary>A console on the current standard output that never wraps lines, so that they can be searched and pasted.</summary>
    private static IAnsiConsole CreateConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = 4096;
        return console;
    }
}

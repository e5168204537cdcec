using System.Globalization;
using System.Text.RegularExpressions;

namespace LiteBox.Bench;

/// <summary>One line of lbench: instructions an operation, or why there are none.</summary>
/// <param name="Name">The operation.</param>
/// <param name="Instructions">Instructions per operation; null when it failed.</param>
/// <param name="Failure">Why it failed, else empty.</param>
/// <param name="Measured">How many operations were measured; lbench has done a tenth of them, and one, before.</param>
internal sealed partial record Row(string Name, double? Instructions, string Failure, long Measured = 0)
{
    /// <summary>Reads a line of the console, which may hold other things as well.</summary>
    public static Row? Parse(string line)
    {
        Match match = Line().Match(line.TrimEnd('\r'));
        if (!match.Success)
        {
            return null;
        }

        string name = match.Groups["name"].Value;
        return match.Groups["why"].Success
            ? new Row(name, null, match.Groups["why"].Value)
            : new Row(name, Number(match, "figure"), "", (long)Number(match, "count"));
    }

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<name>[a-z][a-z0-9-]+) +(failed: (?<why>.*)|(?<figure>[0-9.]+) (?<count>[0-9]+))$")]
    private static partial Regex Line();
}

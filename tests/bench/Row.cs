using System.Globalization;
using System.Text.RegularExpressions;

namespace LiteBox.Bench;

/// <summary>One line of lbench: instructions an operation, or why there are none.</summary>
/// <param name="Name">The operation.</param>
/// <param name="Instructions">Instructions per operation; null when it failed.</param>
/// <param name="Failure">Why it failed, else empty.</param>
internal sealed partial record Row(string Name, double? Instructions, string Failure)
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
            : new Row(name, double.Parse(match.Groups["figure"].Value, CultureInfo.InvariantCulture), "");
    }

    [GeneratedRegex(@"^(?<name>[a-z][a-z0-9-]+) +(failed: (?<why>.*)|(?<figure>[0-9.]+) [0-9]+)$")]
    private static partial Regex Line();
}

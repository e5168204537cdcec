using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace LiteBox.GuestKit;

/// <summary>What a pattern matches may differ from Linux, and why.</summary>
/// <param name="Test">The test that it is about; "*" for all.</param>
/// <param name="Pattern">What is taken out of both outputs before they are compared.</param>
/// <param name="Why">The reason.</param>
public sealed record ExplainedDifference(string Test, Regex Pattern, string Why);

/// <summary>The complete list of what is allowed to differ.</summary>
public static class ExplainedDifferences
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<ExplainedDifference> All { get; } = [];

    /// <summary>An output without what is explained.</summary>
    public static string Remove(string test, string output)
    {
        foreach (ExplainedDifference difference in All)
        {
            if (difference.Test == "*" || difference.Test == test)
            {
                output = difference.Pattern.Replace(output, "<differs>");
            }
        }

        return output;
    }
}

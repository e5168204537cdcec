using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LiteBox.GuestKit;

/// <summary>Compares what two kernels printed.</summary>
public static class OutputDifference
{
    private const int MostLines = 40;

    /// <summary>The lines that differ and are not explained, "-" from Linux and "+" ours; empty when there are none.</summary>
    public static string Between(string test, GuestOutput linux, GuestOutput ours)
    {
        IReadOnlyList<string> expected = Lines(test, linux);
        IReadOnlyList<string> found = Lines(test, ours);
        if (expected.SequenceEqual(found))
        {
            return "";
        }

        var text = new StringBuilder();
        int shown = 0;
        foreach (string line in Diff(expected, found).TakeWhile(_ => ++shown <= MostLines))
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static IReadOnlyList<string> Lines(string test, GuestOutput output) =>
        [.. ExplainedDifferences.Remove(test, output.Text).TrimEnd('\n').Split('\n'), $"(end: {output.End})"];

    // Longest common subsequence, so that one missing line does not make all that follow look wrong.
    private static IEnumerable<string> Diff(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        var common = new int[left.Count + 1, right.Count + 1];
        for (int i = left.Count - 1; i >= 0; i--)
        {
            for (int j = right.Count - 1; j >= 0; j--)
            {
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        for (int i = 0, j = 0; i < left.Count || j < right.Count;)
        {
            if (i < left.Count && j < right.Count && left[i] == right[j])
            {
                (i, j) = (i + 1, j + 1);
            }
            else if (j == right.Count || (i < left.Count && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return "- " + left[i++];
            }
            else
            {
                yield return "+ " + right[j++];
            }
        }
    }
}

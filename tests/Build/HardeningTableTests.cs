using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace LiteBox.Build.Tests;

/// <summary>docs/hardening.md against the tree: every rule has its row, and every test that a row names exists.</summary>
public sealed partial class HardeningTableTests
{
    private static readonly string[] Excuses = ["does not apply: ", "not kept"];

    private static readonly Row[] Rows = [.. File.ReadLines(Path.Combine(Repository.Root, "docs/hardening.md"))
        .Select(line => RowPattern().Match(line)).Where(match => match.Success)
        .Select(match => new Row(int.Parse(match.Groups["number"].Value), match.Groups["tests"].Value.Trim()))];

    public static TheoryData<int> Rules => [.. Enumerable.Range(1, 34).Concat(Enumerable.Range(37, 9)).Concat(Enumerable.Range(58, 7))];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_has_a_row_with_tests_that_exist(int rule)
    {
        Row row = Assert.Single(Rows, row => row.Rule == rule);
        string[] names = [.. NamePattern().Matches(row.Tests).Select(match => match.Groups["name"].Value)];
        Assert.True(names.Length != 0 || Excuses.Any(row.Tests.StartsWith), $"T{rule} names neither a test nor a reason: {row.Tests}");
        Assert.All(names, name => Assert.True(Exists(name), $"T{rule}: there is no test {name}"));
    }

    [Fact]
    public void The_table_has_no_other_rows() => Assert.Equal(Rules.Count, Rows.Length);

    [Theory]
    [InlineData("Build.HardeningTableTests.The_table_has_no_other_rows", true)]
    [InlineData("Build.HardeningTableTests.Exists", false)] // a method, but no test
    [InlineData("Build.BuildTests.The_table_has_no_other_rows", false)] // another class
    [InlineData("South.HardeningTableTests.The_table_has_no_other_rows", false)] // another room
    [InlineData("The_table_has_no_other_rows", false)]
    public void A_name_is_a_room_a_class_and_a_test(string name, bool exists) => Assert.Equal(exists, Exists(name));

    private static bool Exists(string name)
    {
        string[] parts = name.Split('.');
        string folder = Path.Combine(Repository.Root, "tests", parts[0]);
        return parts.Length == 3 && Directory.Exists(folder)
            && Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).Any(text => IsTestOf(text, parts[1], parts[2]));
    }

    // The test's attributes stand directly above it.
    private static bool IsTestOf(string text, string type, string method) =>
        Regex.IsMatch(text, $@"\bclass {Regex.Escape(type)}\b")
        && Regex.IsMatch(text, $@"\[(Fact|Theory)\b[^\n]*\n(\s*(\[[^\n]*|//[^\n]*)\n)*\s*public (static )?(async )?(unsafe )?(void|Task) {Regex.Escape(method)}\(");

    private sealed record Row(int Rule, string Tests);

    [GeneratedRegex(@"^\| T(?<number>\d+) [^|]*\|[^|]*\|(?<tests>[^|]*)\|$")]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"`(?<name>[A-Za-z]+\.[A-Za-z0-9_]+\.[A-Za-z0-9_]+)`")]
    private static partial Regex NamePattern();
}

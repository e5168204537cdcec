namespace LiteBox.TestRunner;

/// <summary>How one test ended.</summary>
internal enum Outcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>One test that was run, or left out.</summary>
/// <param name="Name">The test's full name.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">Why it failed or was skipped.</param>
internal sealed record TestResult(string Name, Outcome Outcome, string Message);

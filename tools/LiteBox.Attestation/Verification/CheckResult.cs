namespace LiteBox.Attestation;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>What was looked at is as it must be.</summary>
    Passed,

    /// <summary>It is not.</summary>
    Failed,

    /// <summary>It was not looked at, and the reason says why.</summary>
    Skipped,
}

/// <summary>What a failed check speaks of; the exit codes of the command line follow it.</summary>
public enum CheckKind
{
    /// <summary>The input cannot be read, or holds what no firmware writes.</summary>
    Format,

    /// <summary>Something that the verification needs is not there.</summary>
    Evidence,

    /// <summary>It does not come from the machine it says.</summary>
    Authenticity,

    /// <summary>It is genuine and not what the policy wants.</summary>
    Policy,
}

/// <summary>One check and how it ended.</summary>
/// <param name="Id">A stable name, for example "signature.valid".</param>
/// <param name="Kind">What it speaks of.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="Expected">What was wanted, when the check compares.</param>
/// <param name="Actual">What was found, when the check compares.</param>
public sealed record CheckResult(string Id, CheckKind Kind, CheckOutcome Outcome, string Reason, string? Expected = null,
    string? Actual = null);

/// <summary>Gathers the results of checks in their order.</summary>
internal sealed class CheckList
{
    private readonly List<CheckResult> results = [];

    internal IReadOnlyList<CheckResult> Results => results;

    internal bool HasPassed(string id) => results.Exists(result => result.Id == id && result.Outcome == CheckOutcome.Passed);

    internal void Pass(string id, CheckKind kind, string reason, string? expected = null, string? actual = null) =>
        results.Add(new(id, kind, CheckOutcome.Passed, reason, expected, actual));

    internal void Fail(string id, CheckKind kind, string reason, string? expected = null, string? actual = null) =>
        results.Add(new(id, kind, CheckOutcome.Failed, reason, expected, actual));

    internal void Skip(string id, CheckKind kind, string reason) => results.Add(new(id, kind, CheckOutcome.Skipped, reason));

    /// <summary>Passes or fails by a condition; the reasons say what is so in either case.</summary>
    internal void Require(bool condition, string id, CheckKind kind, string reason, string otherwise, string? expected = null,
        string? actual = null)
    {
        if (condition)
        {
            Pass(id, kind, reason, expected, actual);
        }
        else
        {
            Fail(id, kind, otherwise, expected, actual);
        }
    }
}

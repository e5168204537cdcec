namespace LiteBox.GuestKit;

/// <summary>The suites of the house.</summary>
public static class GuestSuites
{
    /// <summary>Programs and scripts whose output must be Linux'.</summary>
    public static GuestSuite Differential { get; } = new(
        Repository.PathOf("tests/Guest/init"), Repository.PathOf("tests/Guest/programs"), Repository.PathOf("tests/Guest/scripts"));
}

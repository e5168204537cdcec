namespace LiteBox.GuestKit;

/// <summary>The suites of the house.</summary>
public static class GuestSuites
{
    private static readonly string Init = Repository.PathOf("tests/Guest/init");

    /// <summary>Programs and scripts whose output must be Linux'.</summary>
    public static GuestSuite Differential { get; } = new(
        Init, Repository.PathOf("tests/Guest/programs"), Repository.PathOf("tests/Guest/scripts"));

    /// <summary>Programs that attack the kernel: they may die, it may not.</summary>
    public static GuestSuite Hostile { get; } = new(Init, Repository.PathOf("tests/Guest/hostile"));

    /// <summary>Programs that run long, and count what is left of memory.</summary>
    public static GuestSuite Endurance { get; } = new(Init, Repository.PathOf("tests/Guest/endurance"));
}

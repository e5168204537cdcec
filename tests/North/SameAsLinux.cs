namespace LiteBox.North.Tests;

/// <summary>Runs one program on this kernel and on the host's, and compares what it wrote down.</summary>
internal static class SameAsLinux
{
    /// <summary>Fails at the first line that differs.</summary>
    public static void Check(Action<ISystem, List<string>> program)
    {
        List<string> expected = [];
        using (HostSystem host = new())
        {
            program(host, expected);
        }

        List<string> actual = [];
        NorthSystem.Run(system => program(system, actual));
        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            string want = i < expected.Count ? expected[i] : "(nothing)";
            string have = i < actual.Count ? actual[i] : "(nothing)";
            if (want != have)
            {
                int first = Math.Max(0, i - 12);
                Assert.Fail($"line {i}\n  Linux: {want}\n  ours:  {have}\nbefore it:\n  {string.Join("\n  ", expected.Take(i).Skip(first))}");
            }
        }
    }
}

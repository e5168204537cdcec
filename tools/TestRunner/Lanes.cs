using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace LiteBox.TestRunner;

/// <summary>Runs projects side by side, the longest first; then those that want the machine for themselves, one after the other.</summary>
internal static class Lanes
{
    /// <summary>Runs each project once and returns when all have ended.</summary>
    /// <param name="projects">What to run.</param>
    /// <param name="count">How many run at a time.</param>
    /// <param name="run">Runs one. It is called by several threads.</param>
    public static void Run(IEnumerable<TestProject> projects, int count, Action<TestProject> run)
    {
        List<TestProject> longestFirst = [.. projects.OrderByDescending(project => project.Seconds)];
        var together = new ConcurrentQueue<TestProject>(longestFirst.Where(project => !project.IsAlone));
        List<Thread> threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() => Empty(together, run)))];
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        longestFirst.FindAll(project => project.IsAlone).ForEach(run);
    }

    private static void Empty(ConcurrentQueue<TestProject> queue, Action<TestProject> run)
    {
        while (queue.TryDequeue(out TestProject? project))
        {
            run(project);
        }
    }
}

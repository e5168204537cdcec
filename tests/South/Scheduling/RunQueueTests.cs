using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LiteBox.South.Scheduling;
using Xunit;

namespace LiteBox.South.Tests.Scheduling;

public sealed class RunQueueTests
{
    [Fact]
    public void IsFirstComeFirstServed()
    {
        const int Executions = 8;
        Gen.Int[-4, Executions - 1].Array[0, 200].Sample(steps =>
        {
            RunQueue queue = new();
            Execution[] executions = [.. Enumerable.Range(0, Executions).Select(_ => new Execution(null!, default, null, null))];
            Queue<Execution> model = new();
            foreach (int step in steps)
            {
                if (step < 0)
                {
                    model.TryDequeue(out Execution? expected);
                    Assert.Same(expected, queue.Dequeue());
                }
                else if (!model.Contains(executions[step]))
                {
                    queue.Enqueue(executions[step]);
                    model.Enqueue(executions[step]);
                }

                Assert.Equal(model.Count, queue.Count);
            }
        });
    }
}

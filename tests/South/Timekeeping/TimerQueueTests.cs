using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LiteBox.Platform;
using LiteBox.South.Timekeeping;
using Xunit;

namespace LiteBox.South.Tests.Timekeeping;

public sealed class TimerQueueTests
{
    private sealed class TestTimer(int name) : KernelTimer
    {
        public int Name => name;

        public override void Expired()
        {
        }
    }

    [Fact]
    public void ExpiresByDeadlineAsAModelDoes()
    {
        const int Timers = 100;
        Gen<(int Operation, int Timer, ulong Time)> step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, Timers - 1], Gen.ULong[0, 50]);
        step.Array[0, 400].Sample(steps =>
        {
            TimerQueue queue = new();
            TestTimer[] timers = [.. Enumerable.Range(0, Timers).Select(name => new TestTimer(name))];
            Dictionary<int, ulong> model = [];
            foreach ((int operation, int name, ulong time) in steps)
            {
                switch (operation)
                {
                    case 0 or 1:
                        queue.Arm(timers[name], time);
                        model[name] = time;
                        break;
                    case 2:
                        queue.Cancel(timers[name]);
                        model.Remove(name);
                        break;
                    default:
                        while (queue.TakeExpired(time) is TestTimer expired)
                        {
                            Assert.Equal(model.Values.Min(), expired.Deadline);
                            Assert.True(expired.Deadline <= time);
                            Assert.False(expired.IsArmed);
                            Assert.True(model.Remove(expired.Name));
                        }

                        Assert.DoesNotContain(model.Values, deadline => deadline <= time);
                        break;
                }

                Assert.Equal(model.Count, queue.Count);
                Assert.Equal(model.Count == 0 ? ulong.MaxValue : model.Values.Min(), queue.NextDeadline);
                Assert.All(timers, timer => Assert.Equal(model.ContainsKey(timer.Name), timer.IsArmed));
            }
        });
    }
}

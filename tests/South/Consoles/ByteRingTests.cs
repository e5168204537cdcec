using System.Collections.Generic;
using CsCheck;
using LiteBox.South.Consoles;
using Xunit;

namespace LiteBox.South.Tests.Consoles;

public sealed class ByteRingTests
{
    [Fact]
    public void IsAQueueOfLimitedLength()
    {
        const int Capacity = 16;
        Gen.Select(Gen.Int[0, 3], Gen.Byte).Array[0, 200].Sample(steps =>
        {
            ByteRing ring = new(Capacity);
            Queue<byte> model = new();
            foreach ((int operation, byte value) in steps)
            {
                if (operation < 2)
                {
                    bool fits = model.Count < Capacity;
                    Assert.Equal(fits, ring.TryAdd(value));
                    if (fits)
                    {
                        model.Enqueue(value);
                    }
                }
                else if (operation == 2)
                {
                    Assert.Equal(model.TryDequeue(out byte expected), ring.TryTake(out byte taken));
                    Assert.Equal(expected, taken);
                }
                else
                {
                    foreach (byte first in ring.FirstPiece.ToArray())
                    {
                        Assert.Equal(model.Dequeue(), first);
                        ring.Drop(1);
                    }
                }

                Assert.Equal(model.Count, ring.Count);
                Assert.Equal(Capacity - model.Count, ring.Room);
                Assert.Equal(model.Count == 0, ring.FirstPiece.IsEmpty);
            }
        });
    }
}

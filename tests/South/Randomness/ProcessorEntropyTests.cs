using System;
using System.Linq;
using LiteBox.South.Randomness;
using Xunit;

namespace LiteBox.South.Tests.Randomness;

/// <summary>T43: no boot without random bits that look alive.</summary>
public sealed class ProcessorEntropyTests
{
    [Fact]
    public void FillsAnyLength()
    {
        ProcessorEntropy source = ProcessorEntropy.TryCreate(new Words(count => (true, Mix(count))))!;
        foreach (int length in new[] { 0, 1, 7, 8, 9, 64, 100 })
        {
            byte[] bytes = new byte[length];
            Assert.True(source.TryFill(bytes));
            Assert.True(length < 16 || bytes.Distinct().Count() > 4);
        }
    }

    [Fact]
    public void ToleratesAnInstructionThatHasNothingReadyNowAndThen() =>
        Assert.NotNull(ProcessorEntropy.TryCreate(new Words(count => (count % 7 == 0, Mix(count)))));

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)] // what some processors gave after a resume
    [InlineData(0x1234UL)]
    public void RefusesOutputThatIsStuck(ulong word) => Assert.Null(ProcessorEntropy.TryCreate(new Words(_ => (true, word))));

    [Fact]
    public void RefusesAnInstructionThatNeverHasAnything() => Assert.Null(ProcessorEntropy.TryCreate(new Words(_ => (false, 0))));

    [Fact]
    public void SaysSoWhenTheSourceDiesLater()
    {
        ProcessorEntropy source = ProcessorEntropy.TryCreate(new Words(count => (count < 50, Mix(count))))!;
        Assert.True(source.TryFill(new byte[64]));
        Assert.False(source.TryFill(new byte[4096]));
    }

    [Fact]
    public void SaysSoWhenTheOutputFreezesLater()
    {
        ProcessorEntropy source = ProcessorEntropy.TryCreate(new Words(count => (true, Mix(Math.Min(count, 50)))))!;
        Assert.True(source.TryFill(new byte[64]));
        Assert.False(source.TryFill(new byte[4096]));
    }

    private static ulong Mix(int count) => unchecked(((ulong)count + 1) * 0x9E37_79B9_7F4A_7C15);

    private sealed class Words(Func<int, (bool Success, ulong Word)> answer) : RandomWords
    {
        private int count;

        internal override bool TryRead(out ulong word)
        {
            (bool success, word) = answer(count++);
            return success;
        }
    }
}

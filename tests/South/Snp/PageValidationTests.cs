using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using LiteBox.South.Memory;
using LiteBox.South.Snp;
using Xunit;

namespace LiteBox.South.Tests.Snp;

/// <summary>Hardening rules T25, T28 and T29.</summary>
public class PageValidationTests
{
    private const uint Block = 1024;
    private const uint BlockFrames = PageSize.FramesPerLarge;

    private readonly RmpModel rmp = new();

    public PageValidationTests() => PhysicalMemory.Reset();

    [Fact]
    public void T29_ABlockIsValidatedInOneInstruction()
    {
        PageValidation pages = WithUnaccepted(Block, 2 * BlockFrames);
        pages.Validate(Block, 2 * BlockFrames);
        Assert.Equal(["pvalidate 400 2M 1", "pvalidate 600 2M 1"], rmp.Trace);
        Assert.Equal((2L, 0L), (pages.LargeCount, pages.SmallCount));
        Assert.Equal(0UL, pages.Map.UnvalidatedCount);
    }

    [Fact]
    public void T29_ASizeMismatchFallsBackToSmallPages()
    {
        PageValidation pages = WithUnaccepted(Block, 2 * BlockFrames);
        rmp.SmallBlocks.Add(Block);
        pages.Validate(Block, 2 * BlockFrames);
        Assert.Equal((1L, 512L), (pages.LargeCount, pages.SmallCount));
        Assert.All(Enumerable.Range((int)Block, 2 * (int)BlockFrames), frame => Assert.True(rmp.IsValidated((uint)frame)));
        Assert.Equal("pvalidate 400 2M 1", rmp.Trace[0]);
        Assert.Equal("pvalidate 400 4K 1", rmp.Trace[1]);
        Assert.Equal("pvalidate 5ff 4K 1", rmp.Trace[512]);
        Assert.Equal("pvalidate 600 2M 1", rmp.Trace[513]);
    }

    [Fact]
    public void T29_FramesBesideBlocksAreSmallPages()
    {
        PageValidation pages = WithUnaccepted(Block - 2, BlockFrames + 3);
        pages.Validate(Block - 2, BlockFrames + 3);
        Assert.Equal(["pvalidate 3fe 4K 1", "pvalidate 3ff 4K 1", "pvalidate 400 2M 1", "pvalidate 600 4K 1"], rmp.Trace);
    }

    [Theory]
    [InlineData(1)] // FAIL_INPUT
    [InlineData(2)] // FAIL_PERMISSION
    [InlineData(255)]
    public void T29_AnyOtherFailureIsFatalAndNamesThePage(int result)
    {
        PageValidation pages = WithUnaccepted(Block, BlockFrames);
        rmp.Answer = (PageResult)result;
        Assert.Contains("400000", Stopped(() => pages.Validate(Block, BlockFrames)));
        rmp.Answer = null;
        Assert.Contains("0", Stopped(() => pages.Rescind(Block)));
    }

    [Fact]
    public void T29_ASmallPageHasNoMismatchToFallBackFrom()
    {
        PageValidation pages = WithUnaccepted(Block, 1);
        rmp.Answer = PageResult.SizeMismatch;
        Assert.Contains("400000", Stopped(() => pages.Validate(Block, 1)));
    }

    [Fact]
    public void T25_WhatTheGuestHasValidatedIsNotValidatedAgain()
    {
        PageValidation pages = WithUnaccepted(Block, BlockFrames);
        pages.Validate(Block, BlockFrames);
        rmp.Trace.Clear();
        Assert.Contains("twice 400000", Stopped(() => pages.Validate(Block, BlockFrames)));
        Assert.Contains("twice 405000", Stopped(() => pages.Validate(Block + 5, 1)));
        Assert.Contains("twice 200000", Stopped(() => pages.Validate(512, 1))); // firmware's
        Assert.Empty(rmp.Trace);
    }

    [Fact]
    public void T25_APageThatSomebodyElseValidatedIsFatalAndNamed()
    {
        PageValidation pages = WithUnaccepted(Block, 2 * BlockFrames);
        rmp.SmallBlocks.Add(Block + BlockFrames);
        pages.Validate(Block, BlockFrames);
        rmp.Swap(Block + BlockFrames + 7);
        Assert.Contains("already 607000", Stopped(() => pages.Validate(Block + BlockFrames, BlockFrames)));
    }

    [Fact]
    public void T25_ABlockThatIsValidatedAlreadyIsFatalAndNamed()
    {
        PageValidation pages = WithUnaccepted(Block, BlockFrames);
        for (uint frame = Block; frame < Block + BlockFrames; frame++)
        {
            rmp.Swap(frame);
        }

        Assert.Contains("already 400000", Stopped(() => pages.Validate(Block, BlockFrames)));
    }

    [Fact]
    public void T25_ARemappedPageCannotBeGivenUp()
    {
        PageValidation pages = WithUnaccepted(Block, 1);
        rmp.Assign(600, 1, true); // another page in its place, not validated
        Assert.Contains("given up 258000", Stopped(() => pages.Rescind(600)));
        Assert.Contains("given up 400000", Stopped(() => pages.Rescind(Block)));
    }

    [Fact]
    public void T25_AnyOrderOfChangesIsAsAModelHasIt() =>
        Gen.Select(Gen.Bool, Gen.UInt[0, 99], Gen.UInt[1, 8]).Array[1, 60].Sample(steps =>
        {
            ValidationMap map = new();
            HashSet<ulong> unvalidated = [];
            foreach ((bool validate, uint first, uint count) in steps)
            {
                ulong[] frames = Enumerable.Range((int)first, (int)count).Select(n => (ulong)n).ToArray();
                bool expected = validate ? frames.All(unvalidated.Contains) : !frames.Any(unvalidated.Contains);
                bool done = validate ? TryValidateOneByOne(map, frames) : map.TryRescind(first, first + count);
                Assert.Equal(expected, done);
                if (!done)
                {
                    continue;
                }

                Array.ForEach(frames, f => Assert.True(validate ? unvalidated.Remove(f) : unvalidated.Add(f)));
                Assert.Equal((ulong)unvalidated.Count, map.UnvalidatedCount);
                Assert.All(Enumerable.Range(0, 110), f => Assert.Equal(!unvalidated.Contains((ulong)f), map.IsValidated((ulong)f, (ulong)f + 1)));
            }
        }, iter: 500);

    [Fact]
    public void T28_TheFirstAndLastByteOfEachSmallPageAreRead()
    {
        PageValidation pages = WithUnaccepted(Block, BlockFrames + 1);
        pages.Validate(Block, BlockFrames + 1);
        ulong[] expected = Enumerable.Range((int)Block, (int)BlockFrames + 1)
            .SelectMany(frame => new[] { (ulong)frame << 12, ((ulong)frame << 12) + 4095 }).ToArray();
        Assert.Equal(expected, rmp.Touched);
    }

    [Fact]
    public void T28_SmallPagesOfABlockToo()
    {
        PageValidation pages = WithUnaccepted(Block, BlockFrames);
        rmp.SmallBlocks.Add(Block);
        pages.Validate(Block, BlockFrames);
        Assert.Equal(2 * (int)BlockFrames, rmp.Touched.Distinct().Count());
    }

    [Fact]
    public void T28_NothingIsReadWhereTheProcessorNeedsItNot()
    {
        PageValidation pages = WithUnaccepted(Block, BlockFrames, evicts: false);
        pages.Validate(Block, BlockFrames);
        Assert.Empty(rmp.Touched);
    }

    /// <summary>A frame at a time where the map has them in several intervals, as it allows.</summary>
    private static bool TryValidateOneByOne(ValidationMap map, ulong[] frames)
    {
        if (map.TryValidate(frames[0], frames[^1] + 1))
        {
            return true;
        }

        // Refused as a whole: right where a frame is validated, and then nothing may have changed; else the frames lie in several intervals.
        if (frames.Any(f => map.IsValidated(f, f + 1)))
        {
            return false;
        }

        return frames.All(f => map.TryValidate(f, f + 1));
    }

    private static string Stopped(Action action) => Assert.Throws<MachineStoppedException>(action).Message;

    private PageValidation WithUnaccepted(uint first, uint count, bool evicts = true)
    {
        rmp.Assign(first, count, true);
        PageValidation pages = new(rmp, evicts);
        Assert.True(pages.Map.TryRescind(first, (ulong)first + count));
        return pages;
    }
}

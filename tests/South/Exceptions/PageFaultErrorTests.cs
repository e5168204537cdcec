using System.Collections.Generic;
using LiteBox.Platform;
using LiteBox.South.Exceptions;
using LiteBox.South.Memory;
using Xunit;

namespace LiteBox.South.Tests.Exceptions;

/// <summary>Hardening rule T9: a page fault is believed where the page tables cause it.</summary>
public sealed class PageFaultErrorTests
{
    private const ulong Present = 1;
    private const ulong Write = 2;
    private const ulong User = 4;
    private const ulong Fetch = 16;
    private const int Page = 0x5000;

    public static TheoryData<PageProtection> Protections =>
    [
        PageProtection.None, PageProtection.Read, PageProtection.Read | PageProtection.Write, PageProtection.Read | PageProtection.Execute,
        PageProtection.Read | PageProtection.Write | PageProtection.Execute,
    ];

    [Theory]
    [MemberData(nameof(Protections))]
    public void Of_all_error_codes_those_are_believed_that_the_page_causes(PageProtection protection)
    {
        UserPageTable tables = Tables(protection);
        for (ulong code = 0; code < 256; code++)
        {
            Assert.Equal(Causes(protection, code), new PageFaultError(code).Agrees(tables, new UserAddress(Page + 0x123)));
        }
    }

    [Fact]
    public void Where_nothing_is_mapped_every_plain_access_faults_and_nothing_is_present()
    {
        UserPageTable tables = Tables(PageProtection.Read);
        foreach (ulong access in new[] { 0UL, Write, Fetch, User, User | Write })
        {
            Assert.True(new PageFaultError(access).Agrees(tables, new UserAddress(Page + 0x1000)));
            Assert.False(new PageFaultError(access | Present).Agrees(tables, new UserAddress(Page + 0x1000)));
        }
    }

    // The manual's words (APM volume 2, 5.6 and 8.4.2), one access at a time.
    private static bool Causes(PageProtection protection, ulong code)
    {
        bool isPlain = (code & ~(Present | Write | User | Fetch)) == 0;
        bool isPresent = protection != PageProtection.None;
        HashSet<PageProtection> needed = [PageProtection.Read];
        if ((code & Fetch) != 0)
        {
            needed = [PageProtection.Execute];
        }
        else if ((code & Write) != 0)
        {
            needed = [PageProtection.Write];
        }

        bool isAllowed = isPresent && needed.IsSubsetOf(Split(protection));
        return isPlain && isPresent == ((code & Present) != 0) && !isAllowed;
    }

    private static IEnumerable<PageProtection> Split(PageProtection protection)
    {
        foreach (PageProtection one in new[] { PageProtection.Read, PageProtection.Write, PageProtection.Execute })
        {
            if ((protection & one) != 0)
            {
                yield return one;
            }
        }
    }

    private static UserPageTable Tables(PageProtection protection)
    {
        PhysicalMemory.ResetWithFree(64);
        UserPageTable tables = UserPageTable.TryCreate()!;
        Assert.True(new SouthFrameAllocator().TryAllocate(FrameContents.Zeroed, out Frame frame));
        Assert.True(tables.TryMapOwned(new UserAddress(Page), frame, protection));
        return tables;
    }
}

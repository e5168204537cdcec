using System;
using System.Buffers.Binary;
using LiteBox.Platform;

namespace LiteBox.Fake;

/// <summary>Copies through the running thread's page table, with page faults into North where it does not allow the access.</summary>
public sealed class FakeUserMemory : UserMemory
{
    private readonly FakeFrames frames;
    private readonly FakeScheduler scheduler;

    internal FakeUserMemory(FakeFrames frames, FakeScheduler scheduler)
    {
        this.frames = frames;
        this.scheduler = scheduler;
    }

    public override bool TryRead(UserAddress source, Span<byte> destination)
    {
        if (!source.IsRangeInUserHalf((ulong)destination.Length))
        {
            return false;
        }

        while (!destination.IsEmpty)
        {
            if (!TryAccess(source, PageAccess.Read, out Span<byte> page))
            {
                return false;
            }

            int count = Math.Min(page.Length, destination.Length);
            page[..count].CopyTo(destination);
            destination = destination[count..];
            source += (ulong)count;
        }

        return true;
    }

    public override bool TryWrite(UserAddress destination, ReadOnlySpan<byte> source)
    {
        if (!destination.IsRangeInUserHalf((ulong)source.Length))
        {
            return false;
        }

        while (!source.IsEmpty)
        {
            if (!TryAccess(destination, PageAccess.Write, out Span<byte> page))
            {
                return false;
            }

            int count = Math.Min(page.Length, source.Length);
            source[..count].CopyTo(page);
            source = source[count..];
            destination += (ulong)count;
        }

        return true;
    }

    public override bool TryClear(UserAddress destination, ulong length) =>
        destination.IsRangeInUserHalf(length) && TryWrite(destination, new byte[length]);

    public override bool TryReadString(UserAddress source, Span<byte> destination, out int length)
    {
        length = 0;
        while (length < destination.Length)
        {
            if (!(source + (ulong)length).IsRangeInUserHalf(1) || !TryAccess(source + (ulong)length, PageAccess.Read, out Span<byte> page))
            {
                return false;
            }

            if (page[0] == 0)
            {
                return true;
            }

            destination[length++] = page[0];
        }

        return true;
    }

    public override bool TryReadUInt32(UserAddress source, out uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        bool success = TryRead(source, bytes);
        value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return success;
    }

    public override bool TryCompareExchange(UserAddress target, uint comparand, uint value, out uint found)
    {
        if (!TryReadUInt32(target, out found) || !TryAccess(target, PageAccess.Write, out Span<byte> page))
        {
            return false;
        }

        if (found == comparand)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(page, value);
        }

        return true;
    }

    private bool TryAccess(UserAddress address, PageAccess access, out Span<byte> bytes)
    {
        FakeUserThread thread = scheduler.CurrentUserThread;
        for (int tries = 0; tries < 4; tries++)
        {
            PageProtection needed = access == PageAccess.Write ? PageProtection.Write : PageProtection.Read;
            if (thread.PageTable.TryLookup(address.PageStart, out Frame frame, out PageProtection protection)
                && ((protection & needed) != 0 || (access == PageAccess.Read && protection != PageProtection.None)))
            {
                bytes = frames.Bytes(frame)[address.PageOffset..];
                return true;
            }

            if (!thread.Task.OnPageFault(address, access))
            {
                break;
            }
        }

        bytes = default;
        return false;
    }
}

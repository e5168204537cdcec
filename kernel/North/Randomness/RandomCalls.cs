using System;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Randomness;

/// <summary>getrandom(2).</summary>
internal static class RandomCalls
{
    /// <summary>GRND_NONBLOCK, GRND_RANDOM, GRND_INSECURE: the generator is always seeded, so they change nothing.</summary>
    private const uint KnownFlags = 1 | 2 | 4;

    private const uint RandomAndInsecure = 2 | 4;

    public static void AddTo(SystemCallTable table) => table.Add(SystemCallNumber.getrandom, GetRandom);

    /// <summary>Copies random bytes to where a read wants them.</summary>
    public static Result Copy(RandomGenerator generator, Task task, ref DataDestination destination)
    {
        while (destination.Remaining > 0)
        {
            Span<byte> part = generator.Take(destination.Remaining);
            bool isWritten = destination.TryWrite(part);
            part.Clear();
            if (!isWritten)
            {
                return destination.Count > 0 ? destination.Count : Errno.EFAULT;
            }

            // As on Linux, a signal can end a long read, but not one of up to a page.
            if (destination.Count >= UserAddress.PageSize && task.HasDeliverableSignal)
            {
                break;
            }
        }

        return destination.Count;
    }

    private static Result GetRandom(Task task, in SystemCallArguments a)
    {
        uint flags = (uint)a.A2;
        if ((flags & ~KnownFlags) != 0 || (flags & RandomAndInsecure) == RandomAndInsecure)
        {
            return Errno.EINVAL;
        }

        int length = (int)Math.Min(a.A1, ReadWriteCalls.MaximumLength);
        if (!new UserAddress(a.A0).IsRangeInUserHalf((ulong)length))
        {
            return Errno.EFAULT;
        }

        DataDestination destination = new(task.UserMemory, new UserAddress(a.A0), length);
        return Copy(task.Kernel.Random, task, ref destination);
    }
}

namespace LiteBox.South.Memory;

/// <summary>
/// Frames for the kernel's own structures. Before there are frame records, they come one after the other from a range of free memory; that range
/// is then marked as the kernel's, and the frame database takes over.
/// </summary>
internal static unsafe class KernelFrames
{
    private static ulong earlyNext;
    private static ulong earlyEnd;

    /// <summary>First frame that has not been taken early.</summary>
    public static ulong EarlyNext => earlyNext;

    /// <summary>True while frames are taken early, and have no records.</summary>
    public static bool IsEarly => earlyEnd != 0;

    /// <summary>Begins to take frames from a range of free memory.</summary>
    public static void BeginEarly(ulong start, ulong end)
    {
        earlyNext = start;
        earlyEnd = end;
    }

    /// <summary>From now on the frame database has the frames.</summary>
    public static void EndEarly() => earlyEnd = 0;

    /// <summary>Takes a frame with whatever it holds. False when memory has run out.</summary>
    public static bool TryTake(FrameKind kind, out uint number) =>
        IsEarly ? TryTakeEarly(out number) : FrameDatabase.TryTake(kind, out number);

    /// <summary>Takes a frame of zeros. False when memory has run out.</summary>
    // SAFETY: the frame is fresh, and RAM.
    public static bool TryTakeCleared(FrameKind kind, out uint number)
    {
        bool success = TryTake(kind, out number);
        if (success)
        {
            FrameDatabase.ClearBytes(number);
        }

        return success;
    }

    private static bool TryTakeEarly(out uint number)
    {
        number = (uint)earlyNext;
        if (earlyNext >= earlyEnd)
        {
            return false;
        }

        earlyNext++;
        return true;
    }
}

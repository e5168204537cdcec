namespace LiteBox.South.Timekeeping;

/// <summary>
/// A count that never goes back. SECURITY: without secure TSC a host can move the time-stamp counter; one that was moved back stands still here until it has caught up,
/// and is counted (T41).
/// </summary>
internal struct ForwardTime
{
    private ulong latest;

    /// <summary>Readings that lay before an earlier one.</summary>
    public long BackwardCount { get; private set; }

    /// <summary>Takes a reading; the answer is it, or the latest one before where that is later.</summary>
    public ulong Take(ulong reading)
    {
        if (reading < latest)
        {
            BackwardCount++;
            return latest;
        }

        latest = reading;
        return reading;
    }
}

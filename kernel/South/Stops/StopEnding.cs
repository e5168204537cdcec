namespace LiteBox.South.Stops;

/// <summary>What ends the machine after a report: power-off, or a terminate request under SNP.</summary>
internal abstract class StopEnding
{
    /// <summary>Does not return where it can help it.</summary>
    internal abstract void End(StopReason reason);
}

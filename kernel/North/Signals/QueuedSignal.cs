namespace LiteBox.North.Signals;

/// <summary>One signal in a queue, with what it says about itself.</summary>
internal sealed class QueuedSignal
{
    /// <summary>The next in its queue or in the pool.</summary>
    public QueuedSignal? Next { get; set; }

    public SignalInfo Info { get; set; }
}

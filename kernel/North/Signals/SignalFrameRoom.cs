using LiteBox.Abi;

namespace LiteBox.North.Signals;

/// <summary>
/// Where a task puts its signal frames together and takes them apart. The two are kept apart so that what is reserved in a frame is zero for good: nothing
/// writes to it here.
/// </summary>
internal sealed class SignalFrameRoom
{
    /// <summary>The most heap that a room takes.</summary>
    public const int HeapBytes = 1024;

    /// <summary>The frame for a handler.</summary>
    public SignalFrameRecord Frame;

    /// <summary>What came back from one.</summary>
    public UserContextRecord Context;
}

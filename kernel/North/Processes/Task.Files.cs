using LiteBox.North.Files;

namespace LiteBox.North.Processes;

// What a task keeps for calls on files.
internal sealed partial class Task
{
    /// <summary>Its entries in wait queues while it polls; null until the first poll that waits.</summary>
    public PollWaiter? PollWaiter { get; set; }
}

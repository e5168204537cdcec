using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>Collects the wait queues that a poll, select or epoll must listen to.</summary>
internal abstract class PollRegistration
{
    /// <summary>Listens to the queue too.</summary>
    public abstract void Add(WaitQueue queue);
}

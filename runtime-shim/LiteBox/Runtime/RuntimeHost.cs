using Internal.Runtime;
using System.Runtime;

namespace LiteBox.Runtime;

/// <summary>What an image's entry point does with the runtime before anything else.</summary>
public static class RuntimeHost
{
    /// <summary>
    /// Allocates the statics and runs eager constructors. The heap must have a region by then (<see cref="Heap.AddRegion"/>), and
    /// no code that uses a static field of a reference type may run before.
    /// </summary>
    public static void Initialize() => Startup.Run();

    // There is no other runtime to come from or to go back to.
    [RuntimeExport("RhpReversePInvoke")]
    // SAFETY (both): the frame is not touched.
    private static unsafe void ReversePInvoke(void* frame)
    {
    }

    [RuntimeExport("RhpReversePInvokeReturn")]
    private static unsafe void ReversePInvokeReturn(void* frame)
    {
    }
}

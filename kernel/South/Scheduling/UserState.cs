using LiteBox.South.Instructions;

namespace LiteBox.South.Scheduling;

/// <summary>
/// Whose user state the processor holds: floating point, FS and GS base, address space. It changes when another user thread is about to run; a kernel
/// thread or the idle loop in between costs nothing. Whenever user mode runs, the state is the running thread's: nothing is left of another's.
/// </summary>
internal static class UserState
{
    private static SouthUserThread? loaded;

    /// <summary>True where the processor, not memory, has the thread's state.</summary>
    internal static bool IsLoaded(SouthUserThread thread) => loaded == thread;

    /// <summary>Makes the processor hold a thread's state, saving the one it holds.</summary>
    internal static void Load(SouthUserThread thread)
    {
        if (loaded == thread)
        {
            return;
        }

        loaded?.SaveState();
        thread.RestoreState();
        loaded = thread;
    }

    /// <summary>The thread has ended: its state need not be saved.</summary>
    internal static void Forget(SouthUserThread thread)
    {
        if (loaded == thread)
        {
            loaded = null;
        }
    }
}

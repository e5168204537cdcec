using Internal.Runtime;

namespace LiteBox.Runtime;

/// <summary>The collected heap.</summary>
public static unsafe class Heap
{
    private static byte* s_next;
    private static byte* s_end;

    /// <summary>Gives memory to the heap.</summary>
    public static void AddRegion(nuint start, nuint bytes)
    {
        s_next = (byte*)start;
        s_end = s_next + bytes;
    }

    internal static void* Allocate(nuint bytes)
    {
        byte* memory = s_next;
        if (bytes > (nuint)(s_end - memory))
        {
            FailFast.Stop("OutOfMemoryException");
        }

        s_next = memory + bytes;
        return memory + sizeof(void*);
    }
}

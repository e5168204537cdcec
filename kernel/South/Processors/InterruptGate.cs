using System.Runtime.InteropServices;

namespace LiteBox.South.Processors;

/// <summary>One entry of the interrupt descriptor table (APM volume 2, 4.8.4). The default value is a gate that is not present.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct InterruptGate
{
    private readonly ulong low;
    private readonly ulong high;

    /// <summary>64-bit interrupt gate: the handler starts with interrupts off.</summary>
    private const ulong Type = 0xE;

    private const ulong Present = 1UL << 47;

    /// <param name="handler">Address of the entry stub.</param>
    /// <param name="stack">Which stack it starts on.</param>
    /// <param name="userMayCall">Whether the INT instruction reaches it from user mode.</param>
    internal InterruptGate(ulong handler, InterruptStack stack, bool userMayCall)
    {
        ulong privilege = userMayCall ? 3UL << 45 : 0;
        low = (handler & 0xFFFF) | ((ulong)Selectors.KernelCode << 16) | ((ulong)stack << 32) | (Type << 40) | privilege | Present
            | (((handler >> 16) & 0xFFFF) << 48);
        high = handler >> 32;
    }
}

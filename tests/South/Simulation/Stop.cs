using System;
using System.Diagnostics.CodeAnalysis;
using LiteBox.Platform;
using LiteBox.South.Memory;

namespace LiteBox.South.Stops;

/// <summary>Where the kernel would stop with a reason, a test sees this.</summary>
internal sealed class StoppedException(StopReason reason, string text) : MachineStoppedException(text)
{
    public StopReason Reason => reason;
}

internal static class Stop
{
    [DoesNotReturn]
    internal static void Machine(StopReason reason, ReadOnlySpan<char> text, ReadOnlySpan<char> detail = default) =>
        throw new StoppedException(reason, $"{text}{detail}");

    [DoesNotReturn]
    internal static void Exception(
        StopReason reason, ReadOnlySpan<char> text, in UserRegisters registers, ulong vector, ulong errorCode, ulong faultAddress) =>
        throw new StoppedException(reason, text.ToString());
}

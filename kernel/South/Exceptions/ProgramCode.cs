using System;
using LiteBox.Platform;
using LiteBox.South.UserAccess;

namespace LiteBox.South.Exceptions;

/// <summary>The code around a program's RIP. The program cannot change it in the meantime: the kernel is not preempted.</summary>
internal static class ProgramCode
{
    private const int PageBytes = 4096;

    private static readonly SouthUserMemory Memory = new();

    /// <summary>What stands at an address: up to the length of the buffer, or to the end of the page where the next one cannot be read.</summary>
    internal static ReadOnlySpan<byte> At(ulong rip, Span<byte> buffer)
    {
        int inPage = Math.Min(buffer.Length, PageBytes - (int)(rip & (PageBytes - 1)));
        if (!Memory.TryRead(new UserAddress(rip), buffer[..inPage]))
        {
            return default;
        }

        bool hasRest = inPage < buffer.Length && Memory.TryRead(new UserAddress(rip + (ulong)inPage), buffer[inPage..]);
        return hasRest ? buffer : buffer[..inPage];
    }

    /// <summary>What stands before an address: the whole buffer, or its last byte, or nothing.</summary>
    internal static ReadOnlySpan<byte> Before(ulong rip, Span<byte> buffer)
    {
        for (int length = buffer.Length; length > 0; length--)
        {
            Span<byte> wanted = buffer[..length];
            if (Memory.TryRead(new UserAddress(rip - (ulong)length), wanted))
            {
                return wanted;
            }
        }

        return default;
    }
}

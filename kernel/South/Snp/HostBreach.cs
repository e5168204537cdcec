using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LiteBox.South.Memory;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>The end of an SNP guest whose host does what an honest one cannot. The tests have a class of the same name that throws.</summary>
internal static class HostBreach
{
    private const int Digits = 16;

    /// <summary>Stops and names the guest-physical address.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stop(StopReason reason, string what, PhysicalAddress page)
    {
        Span<char> text = stackalloc char[Digits];
        Format(page, text);
        Stops.Stop.Machine(reason, what, text);
    }

    private static void Format(PhysicalAddress page, Span<char> text)
    {
        for (int i = 0; i < Digits; i++)
        {
            int digit = (int)(page.Value >> (4 * (Digits - 1 - i))) & 15;
            text[i] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
    }
}

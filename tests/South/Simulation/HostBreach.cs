using System.Diagnostics.CodeAnalysis;
using LiteBox.South.Memory;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>Where the kernel would end the guest, a test sees an exception with the reason and the address.</summary>
internal static class HostBreach
{
    [DoesNotReturn]
    public static void Stop(StopReason reason, string what, PhysicalAddress page) => throw new MachineStoppedException($"{reason}: {what} {page.Value:x}");
}

/// <summary>A word that the host cannot guess.</summary>
internal static class PagePattern
{
    public static ulong Create() => 0x1234_5678_9ABC_DEF0;
}

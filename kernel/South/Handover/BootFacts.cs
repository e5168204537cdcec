using LiteBox.South.Instructions;

namespace LiteBox.South.Handover;

/// <summary>What the boot log's last line tells about the boot itself.</summary>
public static class BootFacts
{
    private static ulong timestampAtExit;

    /// <summary>Bytes of the boot application and the kernel in memory, without the initial RAM disk.</summary>
    public static ulong ImageSize { get; private set; }

    /// <summary>Ticks of the time-stamp counter since firmware ended its boot services. Under QEMU's <c>-icount shift=0</c> these are instructions.</summary>
    public static ulong TicksSinceFirmware => Instruction.ReadTimestamp() - timestampAtExit;

    /// <summary>Takes the facts from what the boot application handed over.</summary>
    internal static void Take(in BootInformation information)
    {
        timestampAtExit = information.TimestampAtExit;
        ImageSize = information.ApplicationSize - information.Initrd.Length;
    }
}

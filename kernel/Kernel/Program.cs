using System;
using System.Runtime.InteropServices;
using LiteBox.North;
using LiteBox.Platform;
using LiteBox.South.Handover;
using LiteBox.South.Plain;

namespace LiteBox.Kernel;

/// <summary>The kernel's entry point: takes the machine, reports what it is, and puts North on it.</summary>
internal static class Program
{
    private const int BytesPerMebibyte = 1 << 20;
    private const int BytesPerFrame = 4096;

    /// <summary>Where the boot application jumps to, on a stack of the kernel's, with interrupts off.</summary>
    /// <param name="bootInformation">Address of the structure that it filled in, in the direct map.</param>
    // SAFETY: nothing is done here but to pass on what the boot application gave.
    [UnmanagedCallersOnly(EntryPoint = "KernelEntry")]
    private static void Main(ulong bootInformation)
    {
        Machine machine = PlainStart.Run(bootInformation);
        machine.Log($"litebox: {machine.Description}, {machine.ProcessorCount} processor, clock at {machine.Clock.TimestampFrequency / 1000} kHz");
        new LinuxKernel(machine).Start();
        Summarise(machine);

        // The first process is runnable: it runs as soon as this thread, which has nothing more to do, waits.
        machine.Scheduler.Park(Scheduler.Never, WaitKind.Uninterruptible);
    }

    /// <summary>The boot log's last line: what there is, and what the way here has cost.</summary>
    private static void Summarise(Machine machine) => machine.Log(
        $"litebox: memory {ToMebibytes(machine.Frames.TotalCount)} MiB, {ToMebibytes(machine.Frames.FreeCount)} MiB free; image {BootFacts.ImageSize / 1024} KiB; {BootFacts.TicksSinceFirmware} ticks from firmware to the first process");

    private static long ToMebibytes(long frames) => frames * BytesPerFrame / BytesPerMebibyte;
}

using System;
using LiteBox.South.Handover;

namespace LiteBox.South.Memory;

/// <summary>What the boot loader left for North: the command line and the initial RAM disk, in place in the image.</summary>
internal sealed unsafe class BootPayload
{
    private readonly PhysicalRange commandLine;
    private PhysicalRange initrd;

    public BootPayload(in BootInformation information)
    {
        commandLine = information.CommandLine;
        initrd = information.Initrd;
    }

    /// <summary>The measured command line.</summary>
    public ReadOnlySpan<byte> CommandLine => Bytes(commandLine);

    /// <summary>The initial RAM disk; empty after <see cref="ReleaseInitrd"/>.</summary>
    public ReadOnlySpan<byte> Initrd => Bytes(initrd);

    /// <summary>Gives the initial RAM disk's pages to the frame allocator.</summary>
    public void ReleaseInitrd()
    {
        MemoryIntake.Release(initrd);
        initrd = default;
    }

    // SAFETY: MemoryIntake has checked that the range is RAM of the loader's, and keeps it out of the allocator.
    private static ReadOnlySpan<byte> Bytes(PhysicalRange range) =>
        new((byte*)(PhysicalMemory.Base + range.Start), checked((int)range.Length));
}

using System.Collections.Generic;
using System.Globalization;

namespace LiteBox.Qemu;

/// <summary>An ordinary computer with UEFI, interpreted by TCG: runs anywhere, protects nothing.</summary>
public sealed record PlainMachine : Machine
{
    /// <summary>The firmware image (OVMF.fd); null starts QEMU's own BIOS, which boots a Linux kernel faster and no UEFI application.</summary>
    public required string? Firmware { get; init; }

    /// <inheritdoc/>
    public override string Description => "plain VM, emulated";

    /// <inheritdoc/>
    public override IEnumerable<string> Arguments(VirtualMachineOptions options)
    {
        // Without SMM the firmware starts faster; the kernel has no use for it.
        yield return "-machine";
        yield return "q35,smm=off";
        yield return "-accel";
        yield return options.CountInstructions ? "tcg,thread=single" : "tcg";
        yield return "-cpu";
        yield return options.CpuModel;
        yield return "-smp";
        yield return options.Cpus.ToString(CultureInfo.InvariantCulture);
        yield return "-m";
        yield return $"{options.MemoryMiB}M";
        if (Firmware != null)
        {
            yield return "-bios";
            yield return Firmware;
        }
    }
}

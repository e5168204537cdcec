using System.Collections.Generic;
using System.Linq;
using LiteBox.SnpMachine;

namespace LiteBox.Qemu;

/// <summary>
/// What makes virtio devices answer at the same instruction in every run of the SNP machine. For each disk it gets a second device over the same image,
/// in a slot that it hides from the guest (qemu/SnpMachine/Host/DiskBarrier.cs); no device leaves work to QEMU's main loop that can be done at
/// once, and network packets leave by a timer of the guest's time.
/// </summary>
internal static class DiskBarriers
{
    /// <summary>How many the machine is told of.</summary>
    public static int Count(VirtualMachineOptions options) => options.CountInstructions ? options.AllDisks.Count() : 0;

    /// <summary>The QEMU options.</summary>
    public static IEnumerable<string> Arguments(VirtualMachineOptions options) => !options.CountInstructions ? [] :
    [
        "-global", "virtio-blk-pci.ioeventfd=off",
        "-global", "virtio-net-pci.ioeventfd=off",
        "-global", "virtio-net-pci.tx=timer",
        .. options.AllDisks.SelectMany((disk, function) => new[]
        {
            "-device", $"virtio-blk-pci,drive={disk.ImageNode},share-rw=on,addr={PhysicalLayout.BarrierSlot:x}.{function},multifunction=on",
        }),
    ];
}

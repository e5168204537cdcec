using System.Collections.Generic;
using System.Linq;

namespace LiteBox.Qemu;

/// <summary>
/// Devices of a confidential guest reach shared memory only, so drivers must be told to translate (virtio 1.2, 6.1,
/// VIRTIO_F_ACCESS_PLATFORM), which only modern devices can.
/// </summary>
internal static class ConfidentialDevices
{
    // By name: a global of all PCI devices stops QEMU 10, which applies it also to those that have no such property.
    private static readonly string[] s_types =
        ["virtio-blk-pci", "virtio-net-pci", "virtio-rng-pci", "virtio-scsi-pci", "virtio-serial-pci", "vhost-vsock-pci"];

    /// <summary>The QEMU options.</summary>
    public static IEnumerable<string> Arguments =>
        s_types.SelectMany(type => new[] { "-global", $"{type}.disable-legacy=on" }).Concat(["-global", "virtio-device.iommu_platform=on"]);
}

namespace LiteBox.SnpMachine;

/// <summary>
/// Where things stand in the memory of the computer that QEMU emulates. The guest sees its memory and nothing of the rest:
/// <code>
/// 0            shared homes: guest page x, when shared, is host page x, so QEMU's devices reach it, and only it
/// 128 GiB      the machine: its image, tables and heap                      (hidden: a DIMM that no e820 map names)
///  + 16 MiB    configuration, 64 KiB                                        (placed by -device loader)
///  + 17 MiB    blob of certificates for the extended guest request          (placed by -device loader)
///  + 32 MiB    the guest's firmware image, up to 16 MiB                     (placed by -device loader)
///  + 48 MiB    page pool: VMCBs, nested page tables, RMP
///  + 128 MiB   private homes of the guest's memory, without the gap that ends at 4 GiB
/// </code>
/// </summary>
internal static class PhysicalLayout
{
    public const ulong PageSize = 4096;
    public const ulong LargePageSize = 2 << 20;
    public const ulong FourGiB = 1UL << 32;

    public const ulong MachineBase = 128UL << 30;
    public const ulong Configuration = MachineBase + (16UL << 20);
    public const ulong Certificates = MachineBase + (17UL << 20);
    public const ulong CertificatesLimit = 1UL << 20;
    public const ulong Firmware = MachineBase + (32UL << 20);
    public const ulong FirmwareLimit = 16UL << 20;
    public const ulong PagePool = MachineBase + (48UL << 20);
    public const ulong PagePoolEnd = PrivateHomes;
    public const ulong PrivateHomes = MachineBase + (128UL << 20);

    /// <summary>The slot of PCI bus 0 with the disk barriers, one to a function; the guest does not see it.</summary>
    public const uint BarrierSlot = 0x1E;
    public const uint BarrierLimit = 8;
}

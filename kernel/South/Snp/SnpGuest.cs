using LiteBox.South.Handover;
using LiteBox.South.Instructions;
using LiteBox.South.Memory;
using LiteBox.South.Stops;

namespace LiteBox.South.Snp;

/// <summary>How the kernel finds itself in an SNP guest, and gets a way to talk to the host.</summary>
internal static unsafe class SnpGuest
{
    private const uint AddressSizeLeaf = 0x8000_0008;
    private const uint EncryptionLeaf = 0x8000_001F;
    private const uint SnpBit = 1 << 4;

    /// <summary>The address space has a shared page here: the GHCB (hardening rule T32: the list of shared pages is this one).</summary>
    private static ulong ghcbAddress;

    /// <summary>
    /// Reads the CPUID page. False where the launch has features that this kernel does not know, where firmware named no page or it is not well formed, or where it says another C-bit than the boot application used
    /// (T31).
    /// </summary>
    // SAFETY: firmware is measured with the guest; the blob and the page are memory of the guest's own, which the direct map covers.
    public static bool TryReadCpuid(in BootInformation information, out SnpCpuidTable table)
    {
        table = default;
        if (!SevStatus.IsSupported(Instruction.ReadMsr(SevStatus.Register)) || !IsPlausible(information.ConfidentialComputingBlob))
        {
            return false;
        }

        ConfidentialComputingBlob blob = *(ConfidentialComputingBlob*)(PhysicalMemory.Base + information.ConfidentialComputingBlob);
        return blob.IsValid && IsPlausible(blob.CpuidAddress)
            && SnpCpuidTable.TryRead((byte*)(PhysicalMemory.Base + blob.CpuidAddress), out table)
            && (table.Query(EncryptionLeaf, 0, 0).Eax & SnpBit) != 0
            && 1UL << EncryptionBit(ref table) == information.EncryptionMask;
    }

    /// <summary>Bits of a physical address.</summary>
    public static int PhysicalBits(ref SnpCpuidTable table) => (int)(table.Query(AddressSizeLeaf, 0, 0).Eax & 0xFF);

    /// <summary>Position of the C-bit.</summary>
    public static int EncryptionBit(ref SnpCpuidTable table) => (int)(table.Query(EncryptionLeaf, 0, 0).Ebx & 0x3F);

    /// <summary>Agrees with the host on the protocol and registers a GHCB. What fails ends the guest.</summary>
    // SAFETY: the page is fresh; it is shared only after its validation was given up, and reached only through its shared mapping from then on.
    public static Ghcb Connect(HostExit host, ref SnpCpuidTable table)
    {
        GhcbMsrProtocol protocol = new(host);
        if (!protocol.TryNegotiate(EncryptionBit(ref table)) || !protocol.TryGetFeatures(out _))
        {
            Stop.Machine(StopReason.HostBrokeProtocol, "the host does not speak the protocol that an SNP guest needs");
        }

        if (!FrameDatabase.TryTake(FrameKind.Device, out uint number))
        {
            Stop.Machine(StopReason.NoMemory, "there is no memory for the GHCB");
        }

        PhysicalAddress page = PhysicalAddress.OfFrame(number);
        ulong pattern = Mark(number);
        if (Instruction.ValidatePage((ulong)FrameDatabase.Bytes(number), 0, 0) != 0 || !protocol.TryShare(page)
            || !DeviceMemory.TryMapShared(page, out ghcbAddress) || !protocol.TryRegister(page))
        {
            Stop.Machine(StopReason.HostBrokeProtocol, "the host does not share a page or does not take it for the GHCB");
        }

        // SECURITY: what was written with the C-bit must not be readable without it, or the C-bit does nothing and all memory is the host's (T31).
        if (*(ulong*)ghcbAddress == pattern)
        {
            Stop.Machine(StopReason.HostBrokeProtocol, "memory is not encrypted where the page tables say so");
        }

        PageContents.Clear((byte*)ghcbAddress);
        return new Ghcb(host, (GhcbPage*)ghcbAddress, page);
    }

    /// <summary>Writes a word that the host cannot guess into a private page.</summary>
    // SAFETY: the frame is fresh.
    private static ulong Mark(uint number)
    {
        ulong pattern = 0;
        if (Instruction.TryReadRandom(&pattern) == 0)
        {
            pattern = Instruction.ReadTimestamp();
        }

        *(ulong*)FrameDatabase.Bytes(number) = pattern;
        return pattern;
    }

    private static bool IsPlausible(ulong address) => address != 0 && address < PhysicalAddress.Limit;
}

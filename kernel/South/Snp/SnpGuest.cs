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

    /// <summary>COHERENCY_SFW_NO, EBX bit 31: cache lines of a page that is validated need no eviction (CVE-2025-38560).</summary>
    private const uint CoherencyMeasureNotNeeded = 1U << 31;

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
            && IsPlausible(blob.SecretsAddress)
            && SnpCpuidTable.TryRead((byte*)(PhysicalMemory.Base + blob.CpuidAddress), out table)
            && (table.Query(EncryptionLeaf, 0, 0).Eax & SnpBit) != 0
            && 1UL << EncryptionBit(ref table) == information.EncryptionMask;
    }

    /// <summary>Bits of a physical address.</summary>
    public static int PhysicalBits(ref SnpCpuidTable table) => (int)(table.Query(AddressSizeLeaf, 0, 0).Eax & 0xFF);

    /// <summary>Position of the C-bit.</summary>
    public static int EncryptionBit(ref SnpCpuidTable table) => (int)(table.Query(EncryptionLeaf, 0, 0).Ebx & 0x3F);

    /// <summary>Agrees with the host on the protocol and shares the pool with it, the GHCB first. What fails ends the guest.</summary>
    // SAFETY: TryReadCpuid has checked the blob; the frame of the trial is the kernel's own.
    public static HostConnection Connect(in BootInformation information, HostExit host, PageInstructions instructions, ref SnpCpuidTable table)
    {
        ConfidentialComputingBlob blob = *(ConfidentialComputingBlob*)(PhysicalMemory.Base + information.ConfidentialComputingBlob);
        if (IsFree(blob.SecretsAddress) || IsFree(blob.CpuidAddress))
        {
            Stop.Machine(StopReason.NoMemory, "The memory map has a page of the launch for free memory."); // T26
        }

        ulong trialPage = PhysicalMemory.Base + information.Self.Start;
        if (PrivilegeLevel.FindProblem((byte*)(PhysicalMemory.Base + blob.SecretsAddress), instructions, trialPage) is { } problem)
        {
            Stop.Machine(StopReason.WrongPrivilegeLevel, problem);
        }

        GhcbMsrProtocol protocol = new(host);
        if (!protocol.TryNegotiate(EncryptionBit(ref table)) || !protocol.TryGetFeatures(out _))
        {
            Stop.Machine(StopReason.HostBrokeProtocol, "the host does not speak the protocol that an SNP guest needs");
        }

        bool evicts = (table.Query(EncryptionLeaf, 0, 0).Ebx & CoherencyMeasureNotNeeded) == 0;
        return HostConnection.Open(host, protocol, new PageValidation(instructions, evicts));
    }

    private static bool IsFree(ulong page) => MemoryIntake.HasFree(page >> PageSize.Shift, (page >> PageSize.Shift) + 1);

    private static bool IsPlausible(ulong address) => address != 0 && address < PhysicalAddress.Limit;
}

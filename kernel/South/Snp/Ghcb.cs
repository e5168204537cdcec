using System.Threading;
using LiteBox.South.Memory;

namespace LiteBox.South.Snp;

/// <summary>
/// Requests to the host through the shared page: ports, model-specific registers, device registers (56421, 4.1). Kernel code asks by these, so that it never
/// takes a #VC itself (T1). Each answer is read once and checked (T17); the page holds nothing but a request that is under way (T18). False: the host did
/// not do what was asked, and the caller stops.
/// </summary>
internal sealed unsafe partial class Ghcb
{
    private const ulong PortExit = 0x7B;
    private const ulong MsrExit = 0x7C;
    private const ulong DeviceReadExit = 0x8000_0001;
    private const ulong DeviceWriteExit = 0x8000_0002;
    private const ulong GuestRequestExit = 0x8000_0011;
    private const ulong ExtendedGuestRequestExit = 0x8000_0012;

    // EXITINFO1 of port accesses (APM volume 2, 15.10.2).
    private const ulong PortInput = 1;
    private const int PortSizeShift = 4;
    private const ulong PortAddress64 = 1 << 9;
    private const int PortNumberShift = 16;

    private readonly HostExit host;
    private readonly GhcbPage* page;
    private readonly ulong address;
    private bool isAsking;

    /// <param name="page">The page, mapped shared.</param>
    /// <param name="address">Its physical address, registered with the host.</param>
    // SAFETY: the page is nobody else's but the host's.
    public Ghcb(HostExit host, GhcbPage* page, PhysicalAddress address)
    {
        this.host = host;
        this.page = page;
        this.address = address.Value;
    }

    /// <summary>Requests so far.</summary>
    public long ExitCount { get; private set; }

    /// <summary>IN of 1, 2 or 4 bytes.</summary>
    public bool TryReadPort(ushort port, int size, out uint value)
    {
        page->Rax = 0;
        page->MarkValid(GhcbPage.RaxOffset);
        bool success = TryExit(PortExit, PortInformation(port, size) | PortInput, 0);
        success = TryTake(success, GhcbPage.RaxOffset, ref page->Rax, out ulong answer);
        value = (uint)(answer & (ulong.MaxValue >> (64 - (8 * size))));
        page->Scrub();
        return success;
    }

    /// <summary>OUT of 1, 2 or 4 bytes.</summary>
    public bool TryWritePort(ushort port, int size, uint value)
    {
        page->Rax = value;
        page->MarkValid(GhcbPage.RaxOffset);
        bool success = TryExit(PortExit, PortInformation(port, size), 0);
        page->Scrub();
        return success;
    }

    /// <summary>RDMSR.</summary>
    public bool TryReadMsr(uint register, out ulong value)
    {
        page->Rcx = register;
        page->MarkValid(GhcbPage.RcxOffset);
        bool success = TryExit(MsrExit, 0, 0);
        success = TryTake(success, GhcbPage.RaxOffset, ref page->Rax, out ulong low);
        success = TryTake(success, GhcbPage.RdxOffset, ref page->Rdx, out ulong high);
        value = (uint)low | (high << 32);
        page->Scrub();
        return success;
    }

    /// <summary>WRMSR.</summary>
    public bool TryWriteMsr(uint register, ulong value)
    {
        page->Rcx = register;
        page->Rax = (uint)value;
        page->Rdx = value >> 32;
        page->MarkValid(GhcbPage.RcxOffset);
        page->MarkValid(GhcbPage.RaxOffset);
        page->MarkValid(GhcbPage.RdxOffset);
        bool success = TryExit(MsrExit, 1, 0);
        page->Scrub();
        return success;
    }

    /// <summary>A load of 4 bytes from a device register.</summary>
    public bool TryReadDevice(ulong physicalAddress, out uint value)
    {
        MarkScratch();
        bool success = TryExit(DeviceReadExit, physicalAddress, sizeof(uint));
        value = success ? (uint)Volatile.Read(ref page->SharedBuffer) : 0;
        page->Scrub();
        return success;
    }

    /// <summary>A store of 4 bytes to a device register.</summary>
    public bool TryWriteDevice(ulong physicalAddress, uint value)
    {
        MarkScratch();
        page->SharedBuffer = value;
        bool success = TryExit(DeviceWriteExit, physicalAddress, sizeof(uint));
        page->Scrub();
        return success;
    }

    /// <summary>Has the security processor answer the message in one shared page in another (56421, 4.1.7). <paramref name="answer"/> is 0, or who failed and why.</summary>
    public bool TryGuestRequest(ulong requestAddress, ulong responseAddress, out ulong answer)
    {
        bool success = TryExit(GuestRequestExit, requestAddress, responseAddress);
        success = TryTake(success, GhcbPage.ExitInfo2Offset, ref page->ExitInfo2, out answer);
        page->Scrub();
        return success;
    }

    /// <summary>
    /// The same, and the host puts its certificates into shared pages (56421, 4.1.8). <paramref name="pages"/> is how many there are, and becomes how many are
    /// needed where the host answers so.
    /// </summary>
    public bool TryExtendedGuestRequest(ulong requestAddress, ulong responseAddress, ulong certificates, ref ulong pages, out ulong answer)
    {
        page->Rax = certificates;
        page->Rbx = pages;
        page->MarkValid(GhcbPage.RaxOffset);
        page->MarkValid(GhcbPage.RbxOffset);
        bool success = TryExit(ExtendedGuestRequestExit, requestAddress, responseAddress);
        success = TryTake(success, GhcbPage.ExitInfo2Offset, ref page->ExitInfo2, out answer);
        if (answer != 0 && page->IsValid(GhcbPage.RbxOffset))
        {
            pages = Volatile.Read(ref page->Rbx);
        }

        page->Scrub();
        return success;
    }

    /// <summary>Forgets a request that an exception cut off, for the requests of a stop report: nobody waits for the answer any more.</summary>
    public void Abandon()
    {
        page->Scrub();
        isAsking = false;
    }

    private static ulong PortInformation(ushort port, int size) =>
        ((ulong)port << PortNumberShift) | ((ulong)size << PortSizeShift) | PortAddress64;

    /// <summary>The scratch area is always within the GHCB (T22).</summary>
    private void MarkScratch()
    {
        page->Scratch = address + GhcbPage.SharedBufferOffset;
        page->MarkValid(GhcbPage.ScratchOffset);
    }

    private bool TryExit(ulong code, ulong information1, ulong information2)
    {
        if (isAsking)
        {
            // Interrupts are off and no exception in the kernel returns but from user copies, so no request can begin within another (T21).
            Invariant.Broken("A request to the host began within another.");
        }

        isAsking = true;
        page->ProtocolVersion = GhcbPage.Version;
        page->Usage = 0;
        page->ExitCode = code;
        page->ExitInfo1 = information1;
        page->ExitInfo2 = information2;
        page->MarkValid(GhcbPage.ExitCodeOffset);
        page->MarkValid(GhcbPage.ExitInfo1Offset);
        page->MarkValid(GhcbPage.ExitInfo2Offset);
        ExitCount++;
        host.Exit();
        isAsking = false;
        return (uint)Volatile.Read(ref page->ExitInfo1) == 0; // anything else: malformed, or an exception that the kernel did not earn
    }

    /// <summary>Takes an answer, once, where the host says that there is one.</summary>
    private bool TryTake(bool success, int offset, ref ulong field, out ulong value)
    {
        success = success && page->IsValid(offset);
        value = success ? Volatile.Read(ref field) : 0;
        return success;
    }
}

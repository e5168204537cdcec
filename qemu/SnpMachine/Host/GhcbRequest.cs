using LiteBox.SnpMachine.Diagnosis;

namespace LiteBox.SnpMachine.Host;

/// <summary>Why the host calls a GHCB malformed (56421, section 4.1: SW_EXITINFO2 when SW_EXITINFO1 is 2).</summary>
internal enum GhcbError : ulong
{
    None = 0,
    NotRegistered = 1,
    InvalidUsage = 2,
    InvalidScratchArea = 3,
    MissingInput = 4,
    InvalidInput = 5,
    InvalidEvent = 6,
}

/// <summary>
/// What the guest asked, copied out of its shared page once, so that nothing changes between check and use. It carries the answer, too,
/// until <see cref="Write"/>.
/// </summary>
internal unsafe struct GhcbRequest
{
    private const ulong MalformedInput = 2;
    private const ulong RaiseException = 1;
    private const ulong InjectedGeneralProtection = 1UL << 31 | 3 << 8 | 1 << 11 | 13;

    public ulong Code;
    public ulong Info1;
    public ulong Info2;
    public ulong Scratch;
    public ulong Rax;
    public ulong Rcx;
    public ulong Rdx;
    public ulong Rbx;
    public ulong Xcr0;

    private Ghcb* _ghcb;
    private ulong _address;
    private bool _hasRax;
    private bool _hasRcx;
    private bool _hasRdx;
    private bool _hasRbx;
    private bool _hasXcr0;
    private bool _hasScratch;
    private bool _returnsRax;
    private bool _returnsRcx;
    private bool _returnsRdx;
    private bool _returnsRbx;

    /// <summary>Copies a request. <paramref name="ghcb"/> is the page at guest address <paramref name="address"/>.</summary>
    public static GhcbError Read(Ghcb* ghcb, ulong address, out GhcbRequest request)
    {
        request = default;
        request._ghcb = ghcb;
        request._address = address;
        // KVM does not look at the field, and OVMF leaves it zero before its DXE phase.
        if (ghcb->ProtocolVersion > 2)
        {
            Refusal.Answer(Rule.GhcbProtocolVersion, address);
            return GhcbError.InvalidInput;
        }
        if (ghcb->Usage != 0)
        {
            Refusal.Answer(Rule.GhcbUsage, address);
            return GhcbError.InvalidUsage;
        }
        if (!ghcb->IsValid(GhcbField.ExitCode) || !ghcb->IsValid(GhcbField.ExitInfo1) || !ghcb->IsValid(GhcbField.ExitInfo2))
        {
            Refusal.Answer(Rule.GhcbExitFieldsInvalid, address);
            return GhcbError.MissingInput;
        }
        request.Code = ghcb->ExitCode;
        request.Info1 = ghcb->ExitInfo1;
        request.Info2 = ghcb->ExitInfo2;
        request._hasRax = ghcb->IsValid(GhcbField.Rax);
        request._hasRcx = ghcb->IsValid(GhcbField.Rcx);
        request._hasRdx = ghcb->IsValid(GhcbField.Rdx);
        request._hasRbx = ghcb->IsValid(GhcbField.Rbx);
        request._hasXcr0 = ghcb->IsValid(GhcbField.Xcr0);
        request._hasScratch = ghcb->IsValid(GhcbField.Scratch);
        request.Rax = request._hasRax ? ghcb->Rax : 0;
        request.Rcx = request._hasRcx ? ghcb->Rcx : 0;
        request.Rdx = request._hasRdx ? ghcb->Rdx : 0;
        request.Rbx = request._hasRbx ? ghcb->Rbx : 0;
        request.Xcr0 = request._hasXcr0 ? ghcb->Xcr0 : 0;
        request.Scratch = request._hasScratch ? ghcb->Scratch : 0;
        return GhcbError.None;
    }

    /// <summary>Whether the registers that the event needs are there; tells of it when not.</summary>
    public readonly bool Has(bool rax = false, bool rcx = false, bool rdx = false, bool rbx = false, bool xcr0 = false, bool scratch = false)
    {
        if ((rax && !_hasRax) || (rcx && !_hasRcx) || (rdx && !_hasRdx) || (rbx && !_hasRbx) || (xcr0 && !_hasXcr0)
            || (scratch && !_hasScratch))
        {
            Refusal.Answer(Rule.GhcbMissingInput, _address);
            return false;
        }
        return true;
    }

    /// <summary>
    /// The scratch area: inside the GHCB's shared buffer, or (56421, version 2) in other shared memory. Null, and told, when it is not.
    /// </summary>
    public readonly byte* ScratchArea(ulong length)
    {
        ulong bufferStart = _address + Ghcb.SharedBufferOffset;
        bool startsInGhcb = Scratch >= _address && Scratch < _address + PhysicalLayout.PageSize;
        bool fits = !startsInGhcb || (Scratch >= bufferStart && length <= Ghcb.SharedBufferSize
            && Scratch - bufferStart <= Ghcb.SharedBufferSize - length);
        byte* area = fits ? Memory.GuestMemory.Shared(Scratch, length) : null;
        if (area == null)
        {
            Refusal.Answer(Rule.GhcbScratchInvalid, Scratch);
        }
        return area;
    }

    public void ReturnRax(ulong value)
    {
        Rax = value;
        _returnsRax = true;
    }

    public void ReturnRcx(ulong value)
    {
        Rcx = value;
        _returnsRcx = true;
    }

    public void ReturnRdx(ulong value)
    {
        Rdx = value;
        _returnsRdx = true;
    }

    public void ReturnRbx(ulong value)
    {
        Rbx = value;
        _returnsRbx = true;
    }

    /// <summary>Puts the answer into the page: exit information and returned registers are valid, and nothing else.</summary>
    public readonly void Write(GhcbError error, bool raisesGeneralProtection, ulong info2)
    {
        _ghcb->ClearValid();
        _ghcb->ExitInfo1 = error != GhcbError.None ? MalformedInput : raisesGeneralProtection ? RaiseException : 0;
        _ghcb->ExitInfo2 = error != GhcbError.None ? (ulong)error : raisesGeneralProtection ? InjectedGeneralProtection : info2;
        _ghcb->MarkValid(GhcbField.ExitInfo1);
        _ghcb->MarkValid(GhcbField.ExitInfo2);
        if (error != GhcbError.None)
        {
            return;
        }
        if (_returnsRax)
        {
            _ghcb->Rax = Rax;
            _ghcb->MarkValid(GhcbField.Rax);
        }
        if (_returnsRcx)
        {
            _ghcb->Rcx = Rcx;
            _ghcb->MarkValid(GhcbField.Rcx);
        }
        if (_returnsRdx)
        {
            _ghcb->Rdx = Rdx;
            _ghcb->MarkValid(GhcbField.Rdx);
        }
        if (_returnsRbx)
        {
            _ghcb->Rbx = Rbx;
            _ghcb->MarkValid(GhcbField.Rbx);
        }
    }
}

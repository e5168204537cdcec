using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Guest;

/// <summary>What a virtual CPU does at the moment.</summary>
internal enum CpuState : uint
{
    /// <summary>An AP before its first start-up IPI.</summary>
    WaitingForStart,

    /// <summary>In the guest, or handling one of its exits.</summary>
    Running,

    /// <summary>In an AP reset hold: the next start-up IPI ends it.</summary>
    ResetHold,

    /// <summary>Destroyed by AP creation, or told to stop.</summary>
    Stopped,
}

/// <summary>A change of what a virtual CPU runs.</summary>
internal struct ApRequest
{
    public bool IsPending;

    /// <summary>The VMPL that changes.</summary>
    public int Vmpl;

    /// <summary>Guest address of the new VMSA; <see cref="GuestContext.NoAddress"/> takes the old one away.</summary>
    public ulong Vmsa;

    /// <summary>What the CPU does afterwards.</summary>
    public CpuState State;
}

/// <summary>A virtual CPU, which is a CPU of QEMU's: its contexts at the four VMPLs, and what other CPUs want of it.</summary>
internal unsafe struct VirtualCpu
{
    public const int VmplCount = 4;

    public uint Index;
    public uint ApicId;
    public CpuState State;

    /// <summary>The VMPL that runs, or will run.</summary>
    public int Vmpl;

    /// <summary>Set by another CPU that changed <see cref="State"/> or a context, cleared by the owner when it has seen it.</summary>
    public uint IsCalled;

    /// <summary>
    /// What AP creation asks of this CPU, which does it itself when it is out of its guest: until then its VMCB belongs to the processor.
    /// </summary>
    public ApRequest Request;

    /// <summary>Upper half of the interrupt command register, as the guest wrote it last.</summary>
    public uint CommandHigh;

    private fixed ulong _contexts[VmplCount];
    private ulong _lastRoot;
    private ulong _lastGeneration;
    private ulong _hostCr4;
    private ulong _hostSave;

    /// <summary>Fills in a CPU in zeroed memory.</summary>
    public void Initialise(uint index)
    {
        Index = index;
        State = CpuState.WaitingForStart;
        for (int vmpl = 0; vmpl < VmplCount; vmpl++)
        {
            GuestContext* context = (GuestContext*)PageAllocator.Allocate(1);
            context->ControlBlock = (Vmcb*)PageAllocator.Allocate(1);
            context->Vmpl = vmpl;
            context->CpuIndex = index;
            context->RegisteredGhcb = GuestContext.NoAddress;
            context->VmsaAddress = GuestContext.NoAddress;
            _contexts[vmpl] = (ulong)context;
        }
        _hostSave = (ulong)PageAllocator.Allocate(1);
    }

    public readonly GuestContext* Context(int vmpl) => (GuestContext*)_contexts[vmpl];

    public readonly GuestContext* Current => Context(Vmpl);

    /// <summary>
    /// Prepares the VMCB for the next run: the nested tables, and a TLB flush only where the CPU may hold a mapping that is gone. The
    /// machine's own CR4 follows the guest's, because TCG flushes its TLB at each world switch on which certain bits of it change.
    /// </summary>
    public void PrepareRun(GuestContext* context)
    {
        const byte flushAll = 1;
        Vmcb* vmcb = context->ControlBlock;
        ulong root = ContextTransfer.NestedRoot(context);
        vmcb->NestedCr3 = root;
        vmcb->TlbControl = root != _lastRoot || _lastGeneration != NestedPaging.Generation ? flushAll : (byte)0;
        _lastRoot = root;
        _lastGeneration = NestedPaging.Generation;
        ulong cr4 = (_hostCr4 & ~ControlBits.Cr4Followed) | (vmcb->Cr4 & ControlBits.Cr4Followed);
        if (cr4 != _hostCr4)
        {
            _hostCr4 = cr4;
            Processor.WriteCr4(cr4);
        }
    }

    /// <summary>Lets the processor that calls this run guests (APM volume 2, 15.4 and 15.30.4).</summary>
    public void EnableSvm()
    {
        const uint hostSaveMsr = 0xC001_0117;
        _hostCr4 = Processor.ReadCr4();
        Processor.WriteMsr(hostSaveMsr, _hostSave);
    }
}

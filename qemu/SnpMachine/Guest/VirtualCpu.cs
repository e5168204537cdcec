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

    /// <summary>Lets the processor that calls this run guests (APM volume 2, 15.4 and 15.30.4).</summary>
    public readonly void EnableSvm()
    {
        const uint hostSaveMsr = 0xC001_0117;
        Processor.WriteMsr(hostSaveMsr, _hostSave);
    }
}

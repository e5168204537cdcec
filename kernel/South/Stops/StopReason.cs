namespace LiteBox.South.Stops;

/// <summary>Why the machine was stopped: the number in <c>litebox: STOP number reason</c>. docs/stops.md explains each; numbers are never reused.</summary>
internal enum StopReason
{
    /// <summary>A check in the kernel's own code failed: a throw, an index out of range, an arithmetic overflow, a null reference.</summary>
    BrokenInvariant = 1,

    /// <summary>The kernel touched memory that it must not touch, or page tables and processor disagree.</summary>
    KernelPageFault = 2,

    /// <summary>Another exception in the kernel's own code.</summary>
    KernelException = 3,

    /// <summary>The kernel used up its stack.</summary>
    KernelStackOverflow = 4,

    /// <summary>An exception while an exception was being delivered.</summary>
    DoubleFault = 5,

    /// <summary>A non-maskable interrupt: nothing in this machine has a reason to send one (T12).</summary>
    NonMaskableInterrupt = 6,

    /// <summary>The processor reports a hardware error (T12).</summary>
    MachineCheck = 7,

    /// <summary>A #VC: kernel code asks the host explicitly, so none is expected (T1).</summary>
    UnexpectedVmmCommunication = 8,

    /// <summary>The processor lacks a feature that the kernel needs.</summary>
    MissingFeature = 9,

    /// <summary>The processor gives no random bits, or always the same (T43).</summary>
    NoEntropy = 10,

    /// <summary>A clock of the machine does not count, or impossibly fast or slowly.</summary>
    BrokenClock = 11,

    /// <summary>There is not enough memory to start.</summary>
    NoMemory = 12,

    /// <summary>An interrupt came while the kernel was not waiting for one.</summary>
    UnexpectedInterrupt = 13,

    /// <summary>The host of an SNP guest does not answer as the GHCB specification says (T15 to T17).</summary>
    HostBrokeProtocol = 14,

    /// <summary>The guest is not at VMPL0, or there is an SVSM below it: this kernel does not know how to ask one (T34).</summary>
    WrongPrivilegeLevel = 15,

    /// <summary>A page of the guest is not in the state that the guest's own map says; the address follows (T25, T29).</summary>
    PageStateBroken = 16,

    /// <summary>An exception that the instruction at RIP cannot cause, or that the processor cannot have delivered: the host injected it (T2, T6, T8).</summary>
    ForgedException = 17,
}

namespace LiteBox.South.Processors;

/// <summary>Number of an interrupt stack in the task state segment; <see cref="Current"/> keeps the stack unless the privilege changes.</summary>
internal enum InterruptStack : byte
{
    Current = 0,
    DoubleFault = 1,
    NonMaskable = 2,
    MachineCheck = 3,
    VmmCommunication = 4,
}

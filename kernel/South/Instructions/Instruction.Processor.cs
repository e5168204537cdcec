using System.Runtime;
using System.Runtime.CompilerServices;

namespace LiteBox.South.Instructions;

/// <summary>The half that changes what the processor runs and as whom: descriptor tables, threads, user state.</summary>
internal static unsafe partial class Instruction
{
    /// <summary>LGDT, then every segment register anew: CS through a far return, the data segments with <paramref name="data"/>, FS and GS with 0; no local table.</summary>
    [RuntimeImport("LoadGlobalDescriptors"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void LoadGlobalDescriptors(void* pseudoDescriptor, ushort code, ushort data);

    /// <summary>LTR.</summary>
    [RuntimeImport("LoadTaskRegister"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void LoadTaskRegister(ushort selector);

    /// <summary>LIDT.</summary>
    [RuntimeImport("LoadInterruptDescriptors"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void LoadInterruptDescriptors(void* pseudoDescriptor);

    /// <summary>Where the stubs stand that the processor, not C#, calls. Constant data of the image.</summary>
    [RuntimeImport("FindStubAddresses"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern StubAddresses* FindStubAddresses();

    /// <summary>
    /// Puts the callee-saved registers on the stack, stores the stack pointer at <paramref name="saved"/>, takes <paramref name="next"/> for it and
    /// goes on there. Returns when somebody switches back.
    /// </summary>
    [RuntimeImport("SwitchStack"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void SwitchStack(ulong* saved, ulong next);

    /// <summary>STI; HLT; CLI: sleeps until an interrupt was handled. None can slip in between STI and HLT (APM volume 3, STI: the shadow of one instruction).</summary>
    [RuntimeImport("WaitForInterrupt"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WaitForInterrupt();

    /// <summary>STI; NOP; CLI: handles the interrupts that wait, and does not sleep.</summary>
    [RuntimeImport("TakeInterrupts"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void TakeInterrupts();

    /// <summary>CLI; HLT for ever.</summary>
    [RuntimeImport("HaltForever"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void HaltForever();

    /// <summary>XSAVE64 of the components in <paramref name="components"/> to a 64-byte aligned area.</summary>
    [RuntimeImport("SaveExtendedState"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void SaveExtendedState(byte* area, ulong components);

    /// <summary>XSAVEOPT64: like <see cref="SaveExtendedState"/>, but the processor may skip what has not changed since it was restored from the same area.</summary>
    [RuntimeImport("SaveExtendedStateOptimized"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void SaveExtendedStateOptimized(byte* area, ulong components);

    /// <summary>XRSTOR64. 0 where it faulted on a bad image; then the state is what it was, or partly the image's.</summary>
    [RuntimeImport("TryRestoreExtendedState"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern int TryRestoreExtendedState(byte* area, ulong components);

    /// <summary>
    /// XSAVE64 with the XMM registers that the entry stubs have saved at <paramref name="vectors"/>: the program's whole state. The kernel may use those
    /// registers at any time, so they are right only within the stub.
    /// </summary>
    [RuntimeImport("SaveUserState"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void SaveUserState(byte* area, ulong components, byte* vectors);

    /// <summary>The way back: XRSTOR64, and those XMM registers to <paramref name="vectors"/>. 0 as with <see cref="TryRestoreExtendedState"/>.</summary>
    [RuntimeImport("TryRestoreUserState"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern int TryRestoreUserState(byte* area, ulong components, byte* vectors);

    [RuntimeImport("ReadFsBase"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadFsBase();

    [RuntimeImport("WriteFsBase"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteFsBase(ulong value);

    /// <summary>The GS base that user mode sees, while the kernel's is in use.</summary>
    [RuntimeImport("ReadUserGsBase"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern ulong ReadUserGsBase();

    [RuntimeImport("WriteUserGsBase"), MethodImpl(MethodImplOptions.InternalCall)]
    internal static extern void WriteUserGsBase(ulong value);
}

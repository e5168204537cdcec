using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LiteBox.South.Instructions;

namespace LiteBox.South.Processors;

/// <summary>
/// Brings the boot processor into the state in which it stays: descriptor tables, protections, system-call entry. The tables are static data of the
/// image, which never moves.
/// </summary>
internal static unsafe class ProcessorSetup
{
    private static GlobalDescriptorTable globalDescriptors;
    private static TaskStateSegment taskState;
    private static InterruptGates gates;
    private static ProcessorArea area;
    private static ExceptionStacks exceptionStacks;

    /// <summary>Where the stubs stand that are not called.</summary>
    internal static ref readonly StubAddresses Stubs => ref *Instruction.FindStubAddresses();

    /// <summary>This processor's area.</summary>
    internal static ref ProcessorArea Area => ref area;

    /// <summary>
    /// Descriptor tables and entries. From here on an exception is reported instead of resetting the machine: the very first thing that the kernel does.
    /// </summary>
    internal static void LoadTables()
    {
        for (int vector = 0; vector < InterruptVectors.Count; vector++)
        {
            gates[vector] = InterruptVectors.Gate(vector, Stubs.InterruptEntries, StubAddresses.InterruptEntrySize);
        }

        // SAFETY: all four are statics of the image: their addresses hold for ever. The selectors name descriptors of the table just loaded.
        fixed (TaskStateSegment* segment = &taskState)
        fixed (GlobalDescriptorTable* descriptors = &globalDescriptors)
        fixed (InterruptGates* table = &gates)
        fixed (ProcessorArea* own = &area)
        fixed (ExceptionStacks* stacks = &exceptionStacks)
        {
            taskState = TaskStateSegment.Create(TopOf(stacks, 0), TopOf(stacks, 1), TopOf(stacks, 2), TopOf(stacks, 3));
            globalDescriptors = GlobalDescriptorTable.Create((ulong)segment);
            PseudoDescriptor pseudo = new(sizeof(GlobalDescriptorTable), (ulong)descriptors);
            Instruction.LoadGlobalDescriptors(&pseudo, Selectors.KernelCode, Selectors.KernelData);
            Instruction.LoadTaskRegister(Selectors.TaskState);
            pseudo = new PseudoDescriptor(sizeof(InterruptGates), (ulong)table);
            Instruction.LoadInterruptDescriptors(&pseudo);
            Instruction.WriteMsr(Msr.KernelGsBase, 0);
            Instruction.WriteMsr(Msr.GsBase, (ulong)own);
        }
    }

    /// <summary>Protections and SYSCALL. The processor has all that <see cref="ProcessorFeatures.FirstMissing"/> asks for.</summary>
    internal static void EnableFeatures(in ProcessorFeatures features)
    {
        // SAFETY: bits that the processor offers, and only those. PCID goes on while CR3's low bits are 0, as it must.
        Instruction.WriteCr0(ControlRegisters.Cr0);
        Instruction.WriteCr4(ControlRegisters.Cr4(features));
        Instruction.WriteXcr0(ControlRegisters.Xcr0(features));
        Instruction.WriteMsr(
            Msr.ExtendedFeatures,
            Instruction.ReadMsr(Msr.ExtendedFeatures) | ControlRegisters.SystemCallEnable | ControlRegisters.NoExecuteEnable);
        Instruction.WriteMsr(Msr.SystemCallTargets, ((ulong)Selectors.UserBase << 48) | ((ulong)Selectors.KernelCode << 32));
        Instruction.WriteMsr(Msr.SystemCallEntry, Stubs.SystemCallEntry);
        Instruction.WriteMsr(Msr.SystemCallFlagMask, Rflags.ClearedAtSystemCall);
        Instruction.ClearDebugRegisters();
    }

    /// <summary>Which stack the processor takes when it comes from user mode.</summary>
    internal static void SetEntryStack(ulong stackPointer)
    {
        taskState.StackPointer0 = stackPointer;
        area.EntryStackPointer = stackPointer;
    }

    private static ulong TopOf(ExceptionStacks* stacks, int index) =>
        ((ulong)stacks + (ulong)((index + 1) * ExceptionStacks.SizeOfOne)) & ~15UL;
}

/// <summary>
/// The stacks for the four exceptions that must not trust the current stack, in the order of <see cref="InterruptStack"/>: in the image, so that they
/// are there before any memory is.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Count * SizeOfOne)]
internal struct ExceptionStacks
{
    internal const int Count = 4;
    internal const int SizeOfOne = 8192;
}

/// <summary>The interrupt descriptor table.</summary>
[InlineArray(InterruptVectors.Count)]
internal struct InterruptGates
{
    private InterruptGate first;
}

using System;
using LiteBox.Platform;
using LiteBox.South.Instructions;
using LiteBox.South.Memory;
using LiteBox.South.Processors;

namespace LiteBox.South.Scheduling;

/// <summary>
/// A user thread. At the top of its kernel stack lie its XSAVE area, its registers as they were at entry, and its XMM registers: the compiled code
/// of the kernel uses XMM registers as it likes, so the entry stubs keep the user's there, while the rest of the floating-point state stays
/// in the processor.
/// </summary>
internal sealed unsafe class SouthUserThread : UserThread
{
    private readonly SouthScheduler scheduler;
    private readonly UserStateFormat format;
    private UserPageTable pageTable;
    private ulong fsBase;
    private ulong gsBase;

    internal SouthUserThread(SouthScheduler scheduler, UserTask task, UserPageTable pageTable, KernelStack stack, UserStateFormat format)
    {
        this.scheduler = scheduler;
        this.format = format;
        this.pageTable = pageTable;
        Task = task;
        EntryStackPointer = stack.Top - format.AreaSize;
        Execution = new Execution(scheduler, stack, this, null);
    }

    /// <summary>North's half.</summary>
    internal UserTask Task { get; }

    /// <summary>What the scheduler runs.</summary>
    internal Execution Execution { get; }

    /// <summary>The kernel's stack pointer at entry from user mode: the registers end here.</summary>
    internal ulong EntryStackPointer { get; }

    /// <inheritdoc/>
    public override WaitEntry WaitEntry => Execution.WaitEntry;

    /// <inheritdoc/>
    // SAFETY: the memory is the thread's stack, which lives until the thread has ended, and nothing else lies there.
    public override ref UserRegisters Registers => ref *(UserRegisters*)(EntryStackPointer - (ulong)sizeof(UserRegisters));

    /// <inheritdoc/>
    public override int FloatingPointSize => format.Extended.Size;

    /// <inheritdoc/>
    public override bool IsWaiting => Execution.State == ExecutionState.Parked;

    /// <inheritdoc/>
    public override ulong RunTime => scheduler.ToNanoseconds(scheduler.RunTicksOf(Execution));

    /// <inheritdoc/>
    public override ulong FsBase
    {
        get => UserState.IsLoaded(this) ? Instruction.ReadFsBase() : fsBase;
        set
        {
            CheckUserHalf(value);
            fsBase = value;
            if (UserState.IsLoaded(this))
            {
                Instruction.WriteFsBase(value);
            }
        }
    }

    /// <inheritdoc/>
    public override ulong GsBase
    {
        get => UserState.IsLoaded(this) ? Instruction.ReadUserGsBase() : gsBase;
        set
        {
            CheckUserHalf(value);
            gsBase = value;
            if (UserState.IsLoaded(this))
            {
                Instruction.WriteUserGsBase(value);
            }
        }
    }

    /// <inheritdoc/>
    public override PageTable PageTable
    {
        get => pageTable;
        set
        {
            pageTable = (UserPageTable)value;
            if (UserState.IsLoaded(this))
            {
                pageTable.Activate();
            }
        }
    }

    // SAFETY: the XSAVE area at the top of the stack; see EntryStackPointer.
    private byte* Area => (byte*)EntryStackPointer;

    private Span<byte> AreaBytes => new(Area, format.Extended.Size);

    // SAFETY: where the entry stubs keep XMM0 to XMM15; see EntryFrame.
    private Span<byte> VectorBytes => new((void*)VectorsAddress, EntryFrame.VectorsSize);

    private ulong VectorsAddress => EntryStackPointer - (ulong)(sizeof(UserRegisters) + EntryFrame.VectorsPadding + EntryFrame.VectorsSize);

    /// <inheritdoc/>
    public override void SaveFloatingPoint(Span<byte> destination)
    {
        if (UserState.IsLoaded(this))
        {
            SaveArea();
        }

        AreaBytes.CopyTo(destination);
        ExtendedState.SetVectors(destination, VectorBytes);
    }

    /// <inheritdoc/>
    public override bool TryLoadFloatingPoint(ReadOnlySpan<byte> source)
    {
        if (!format.Extended.IsRestorable(source))
        {
            return false;
        }

        source[..format.Extended.Size].CopyTo(AreaBytes);
        AdoptArea();
        return true;
    }

    /// <inheritdoc/>
    public override void ResetFloatingPoint()
    {
        format.Extended.Reset(AreaBytes);
        AdoptArea();
    }

    /// <inheritdoc/>
    public override void RequestReturnWork() => scheduler.RequestReturnWork(Execution);

    /// <inheritdoc/>
    public override void Start() => scheduler.Start(Execution);

    /// <summary>North is about to be called for the work.</summary>
    internal void TakeReturnWork() => scheduler.TakeReturnWork(Execution);

    /// <summary>Fills the stack of a thread that has not run: registers, floating point, and the way to user mode.</summary>
    internal void Initialize(in UserRegisters registers, SouthUserThread? floatingPointFrom)
    {
        Registers = registers;
        if (floatingPointFrom is null)
        {
            format.Extended.WriteInitial(AreaBytes);
            VectorBytes.Clear();
        }
        else
        {
            floatingPointFrom.SaveFloatingPoint(AreaBytes);
            ExtendedState.GetVectors(AreaBytes, VectorBytes);
        }

        Execution.StackPointer = InitialStack.Prepare(VectorsAddress, ProcessorSetup.Stubs.UserThreadStart);
    }

    /// <summary>The processor's user state becomes memory's.</summary>
    internal void SaveState()
    {
        fsBase = Instruction.ReadFsBase();
        gsBase = Instruction.ReadUserGsBase();
        SaveArea();
    }

    /// <summary>Memory's user state becomes the processor's.</summary>
    internal void RestoreState()
    {
        pageTable.Activate();
        Instruction.WriteFsBase(fsBase);
        Instruction.WriteUserGsBase(gsBase);
        RestoreArea();
    }

    private void SaveArea()
    {
        // SAFETY: the area has the size of the components that XCR0 enables, and the alignment.
        if (format.HasOptimizedSave)
        {
            Instruction.SaveExtendedStateOptimized(Area, format.Extended.Components);
        }
        else
        {
            Instruction.SaveExtendedState(Area, format.Extended.Components);
        }
    }

    private void RestoreArea()
    {
        // SAFETY: as in SaveArea; the stub survives an image that the processor refuses.
        if (Instruction.TryRestoreExtendedState(Area, format.Extended.Components) == 0)
        {
            throw new InvalidOperationException("The processor refused a floating-point state that was checked.");
        }
    }

    /// <summary>The area has new contents: the XMM registers in it are the user's now, and so is the rest.</summary>
    private void AdoptArea()
    {
        ExtendedState.GetVectors(AreaBytes, VectorBytes);
        if (UserState.IsLoaded(this))
        {
            RestoreArea();
        }
    }

    private static void CheckUserHalf(ulong address)
    {
        if (address >= UserAddress.Limit)
        {
            throw new ArgumentOutOfRangeException(nameof(address), "A segment base outside the user half.");
        }
    }
}

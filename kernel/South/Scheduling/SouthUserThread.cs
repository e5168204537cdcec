using System;
using LiteBox.Platform;
using LiteBox.South.Instructions;
using LiteBox.South.Memory;
using LiteBox.South.Processors;

namespace LiteBox.South.Scheduling;

/// <summary>
/// A user thread. At the top of its kernel stack lie its XSAVE area and an image of the same form for signal frames, its registers as they were at entry,
/// and its XMM registers: the compiled code of the kernel uses XMM registers as it likes, so the entry stubs keep the user's there, while the rest of the
/// floating-point state stays in the processor.
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
        EntryStackPointer = stack.Top - format.AreaSize - format.ImageSize;
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

    /// <inheritdoc/>
    // SAFETY: the image is that long, and lives as long as the stack.
    public override Span<byte> FloatingPointImage => new(Image, format.Extended.Size + sizeof(uint));

    // SAFETY: at the top of the stack; see EntryStackPointer. What a switch of threads saves goes to the area and never to the image, so that a wait in the middle
    // of a user copy changes nothing in it.
    private byte* Area => Image + format.ImageSize;

    private byte* Image => (byte*)EntryStackPointer;

    private Span<byte> AreaBytes => new(Area, format.Extended.Size);

    // SAFETY: where the entry stubs keep the XMM registers that the kernel uses; see EntryFrame.
    private byte* Vectors => (byte*)VectorsAddress;

    private Span<byte> VectorBytes => new(Vectors, EntryFrame.VectorsSize);

    private ulong VectorsAddress => EntryStackPointer - (ulong)(sizeof(UserRegisters) + EntryFrame.VectorsPadding + EntryFrame.VectorsSize);

    /// <inheritdoc/>
    public override void SaveFloatingPoint() => SaveFloatingPoint(Image);

    /// <inheritdoc/>
    public override bool TryLoadFloatingPoint()
    {
        if (!format.Extended.IsRestorable(FloatingPointImage))
        {
            return false;
        }

        LoadFloatingPoint(Image);
        return true;
    }

    /// <inheritdoc/>
    public override void ResetFloatingPoint() => LoadFloatingPoint(format.Initial);

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
        FloatingPointImage.Clear();
        format.Extended.WriteInitial(AreaBytes);
        if (floatingPointFrom is null)
        {
            VectorBytes.Clear();
        }
        else
        {
            floatingPointFrom.SaveFloatingPoint(Area);
            floatingPointFrom.VectorBytes.CopyTo(VectorBytes);
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
        Restore(Area);
    }

    // SAFETY: the target is an area of this format. The header must be zero where XSAVE does not write (APM volume 4, XSAVE), and XSAVE writes all components,
    // so nothing is left of what the target held.
    private void SaveFloatingPoint(byte* target)
    {
        CheckLoaded();
        ExtendedState.ClearHeader(new Span<byte>(target, format.Extended.Size));
        Instruction.SaveUserState(target, format.Extended.Components, Vectors);
    }

    // SAFETY: the source is an area of this format, whose header was checked or made here.
    private void LoadFloatingPoint(byte* source)
    {
        CheckLoaded();
        CheckRestored(Instruction.TryRestoreUserState(source, format.Extended.Components, Vectors));
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

    // SAFETY: the source is an area of this format; the stub survives one that the processor refuses.
    private void Restore(byte* source) => CheckRestored(Instruction.TryRestoreExtendedState(source, format.Extended.Components));

    private static void CheckRestored(int result)
    {
        if (result == 0)
        {
            throw new InvalidOperationException("The processor refused a floating-point state that was checked.");
        }
    }

    private void CheckLoaded()
    {
        if (!UserState.IsLoaded(this))
        {
            throw new InvalidOperationException("The floating-point state of a thread that is not the running one.");
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

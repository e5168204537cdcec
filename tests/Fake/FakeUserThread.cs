using System;
using System.Collections.Generic;
using System.Threading;
using LiteBox.Platform;

namespace LiteBox.Fake;

/// <summary>
/// A user thread whose program is a C# delegate. It enters the kernel with <see cref="SystemCall"/> and <see cref="Touch"/>; signal handlers are
/// delegates too, by address.
/// </summary>
public sealed class FakeUserThread : UserThread, FakeThread
{
    private const ulong SystemCallAddress = 0x40_0000;
    private const int SystemCallLength = 2;
    private const ulong SignalReturn = 15;

    private readonly FakeScheduler scheduler;
    private readonly Action<FakeUserThread> body;
    private readonly FakeWaitEntry waitEntry;
    private UserRegisters registers;
    private readonly byte[] floatingPointImage = new byte[832 + 4];
    private byte[] floatingPoint = new byte[832];
    private bool hasReturnWork;

    internal FakeUserThread(
        FakeScheduler scheduler, UserTask task, PageTable pageTable, in UserRegisters registers, FakeUserThread? floatingPointFrom,
        Action<FakeUserThread> body)
    {
        this.scheduler = scheduler;
        this.body = body;
        Task = task;
        PageTable = pageTable;
        this.registers = registers;
        waitEntry = new FakeWaitEntry(this);
        if (floatingPointFrom is not null)
        {
            floatingPoint = (byte[])floatingPointFrom.floatingPoint.Clone();
            FsBase = floatingPointFrom.FsBase;
            GsBase = floatingPointFrom.GsBase;
        }
    }

    /// <summary>North's half.</summary>
    public UserTask Task { get; }

    /// <summary>Handlers by address; the test puts the address into sigaction. A handler runs when the kernel goes to its address.</summary>
    public Dictionary<ulong, Action<FakeUserThread>> Handlers { get; } = [];

    /// <summary>What execve started, when the program should go on as another one: set by the test.</summary>
    public Action<FakeUserThread>? AfterExecution { get; set; }

    public override ref UserRegisters Registers => ref registers;

    public override ulong FsBase { get; set; }

    public override ulong GsBase { get; set; }

    public override PageTable PageTable { get; set; }

    public override int FloatingPointSize => floatingPoint.Length;

    /// <summary>The state as bytes, for tests to look at and to change.</summary>
    public Span<byte> FloatingPoint => floatingPoint;

    public override bool IsWaiting => ((FakeThread)this).IsParked;

    public override ulong RunTime => 1_000_000;

    public override WaitEntry WaitEntry => waitEntry;

    SemaphoreSlim FakeThread.Baton { get; } = new(0);

    bool FakeThread.HasReturnWork => hasReturnWork;

    bool FakeThread.IsParked { get; set; }

    bool FakeThread.IsInterruptible { get; set; }

    ulong FakeThread.Deadline { get; set; }

    WaitResult FakeThread.ParkResult { get; set; }

    FakeScheduler FakeThread.Scheduler => scheduler;

    public override Span<byte> FloatingPointImage => floatingPointImage;

    public override void SaveFloatingPoint() => floatingPoint.CopyTo(floatingPointImage, 0);

    public override bool TryLoadFloatingPoint()
    {
        if ((floatingPointImage[512] & ~7) != 0)
        {
            return false;
        }

        floatingPointImage.AsSpan(0, floatingPoint.Length).CopyTo(floatingPoint);
        return true;
    }

    public override void ResetFloatingPoint() => floatingPoint.AsSpan().Clear();

    public override void RequestReturnWork()
    {
        hasReturnWork = true;
        FakeThread self = this;
        if (self.IsParked && self.IsInterruptible)
        {
            scheduler.Wake(this, WaitResult.Interrupted);
        }
    }

    public override void Start() => scheduler.Start(this);

    /// <summary>A SYSCALL instruction with the given number and arguments; the result is RAX when the program goes on after it.</summary>
    public long SystemCall(ulong number, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0)
    {
        registers.Rax = number;
        registers.Rdi = a0;
        registers.Rsi = a1;
        registers.Rdx = a2;
        registers.R10 = a3;
        registers.R8 = a4;
        registers.R9 = a5;
        ulong address = registers.Rip == 0 ? SystemCallAddress : registers.Rip;
        do
        {
            registers.Rip = address;
            EnterWithSystemCall();
            while (RunHandlerIfThere())
            {
            }
        }
        while (registers.Rip == address);
        return (long)registers.Rax;
    }

    /// <summary>A load or a store in user mode; what comes of a fault comes of it. False where the access was bad and a signal handler ran.</summary>
    public bool Touch(ulong address, PageAccess access)
    {
        PageProtection needed = access switch
        {
            PageAccess.Write => PageProtection.Write,
            PageAccess.Execute => PageProtection.Execute,
            _ => PageProtection.Read,
        };
        for (int tries = 0; tries < 4; tries++)
        {
            var user = new UserAddress(address);
            if (user.IsRangeInUserHalf(1) && PageTable.TryLookup(user.PageStart, out _, out PageProtection protection) && (protection & needed) != 0)
            {
                return true;
            }

            registers.OriginalRax = ulong.MaxValue;
            if (user.IsRangeInUserHalf(1) && Task.OnPageFault(user, access))
            {
                ReturnToUser(ThreadFate.Continue);
                continue;
            }

            uint errorCode = 4u | (access == PageAccess.Write ? 2u : 0);
            ReturnToUser(Task.OnException(ref registers, ExceptionVector.PageFault, errorCode, address));
            while (RunHandlerIfThere())
            {
            }

            return false;
        }

        throw new InvalidOperationException("The fault is resolved again and again, and the page is still not there.");
    }

    void FakeThread.Run()
    {
        ReturnToUser(ThreadFate.Continue);
        while (RunHandlerIfThere())
        {
        }

        body(this);
        while (AfterExecution is { } next)
        {
            AfterExecution = null;
            next(this);
        }

        throw new InvalidOperationException("A program ended without exit.");
    }

    private void EnterWithSystemCall()
    {
        registers.OriginalRax = registers.Rax;
        registers.Rip += SystemCallLength;
        registers.Rcx = registers.Rip;
        registers.R11 = registers.Rflags;
        ReturnToUser(Task.OnSystemCall(ref registers));
    }

    private void ReturnToUser(ThreadFate fate)
    {
        while (fate == ThreadFate.Continue && hasReturnWork)
        {
            hasReturnWork = false;
            fate = Task.OnReturnToUser(ref registers);
        }

        if (fate == ThreadFate.Exit || scheduler.IsOver)
        {
            throw new ThreadEnd();
        }
    }

    private bool RunHandlerIfThere()
    {
        if (!Handlers.TryGetValue(registers.Rip, out Action<FakeUserThread>? handler))
        {
            return false;
        }

        UserRegisters atHandler = registers;
        handler(this);
        registers = atHandler;
        registers.Rsp += sizeof(ulong); // the handler's ret pops the restorer's address
        registers.Rax = SignalReturn;
        EnterWithSystemCall();
        return true;
    }
}

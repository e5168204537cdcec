using System;
using System.Buffers.Binary;
using LiteBox.North.Memory;
using LiteBox.North.Signals;
using LiteBox.Platform;

namespace LiteBox.North.Processes;

// Page faults and exceptions, and the signals they become (signal(7), sigaction(2) "si_code").
internal sealed partial class Task
{
    private const int SEGV_MAPERR = 1;
    private const int SEGV_ACCERR = 2;
    private const int BUS_ADRALN = 1;
    private const int BUS_ADRERR = 2;
    private const int FPE_INTDIV = 1;
    private const int FPE_FLTDIV = 3;
    private const int FPE_FLTOVF = 4;
    private const int FPE_FLTUND = 5;
    private const int FPE_FLTRES = 6;
    private const int FPE_FLTINV = 7;
    private const int ILL_ILLOPN = 2;
    private const int TRAP_TRACE = 2;

    /// <summary>Heap that a page of a memory object can take.</summary>
    private const int FaultHeapBytes = 8192;

    private FaultResult lastFaultResult = FaultResult.NotMapped;

    /// <summary>True from a fault until its signal was acted upon: then not even the first process is immune.</summary>
    public bool IsFaulting { get; set; }

    /// <summary>Vector, error code and address of the last exception, for signal frames (trapno, err, cr2 of struct sigcontext).</summary>
    public ulong LastTrapNumber { get; private set; }

    public ulong LastErrorCode { get; private set; }

    public ulong LastFaultAddress { get; private set; }

    /// <summary>The room in which signal frames are put together; made at the first signal.</summary>
    public SignalFrameRoom? SignalFrameRoom { get; set; }

    /// <inheritdoc/>
    public override bool OnPageFault(UserAddress address, PageAccess access)
    {
        AddressSpace? memory = Process.Memory;
        if (memory is null)
        {
            return false;
        }

        Process.FaultCount++;
        FaultResult result = memory.Resolve(address, access);
        while (result == FaultResult.OutOfMemory && OutOfMemory.TryMakeRoom(this))
        {
            result = memory.Resolve(address, access);
        }

        lastFaultResult = result;
        return result == FaultResult.Resolved;
    }

    /// <inheritdoc/>
    public override ThreadFate OnException(ref UserRegisters registers, ExceptionVector vector, uint errorCode, ulong address)
    {
        LastTrapNumber = (ulong)vector;
        LastErrorCode = errorCode;
        if (vector == ExceptionVector.PageFault)
        {
            LastFaultAddress = address;
        }

        SignalInfo info = Describe(registers, vector, address);
        if (Process.IsInit && !Process.Actions[info.Signal].IsHandler)
        {
            Kernel.Machine.Log($"litebox: signal {info.Signal} in the first process: vector {(int)vector}, error {errorCode}, address {address:x}, rip {registers.Rip:x}");
        }

        SignalSending.SendFault(this, info);
        return fate;
    }

    private SignalInfo Describe(in UserRegisters registers, ExceptionVector vector, ulong address) => vector switch
    {
        ExceptionVector.PageFault => DescribePageFault(address),
        ExceptionVector.DivideError => SignalInfo.FromFault(SignalNumber.SIGFPE, FPE_INTDIV, registers.Rip),
        ExceptionVector.Debug => SignalInfo.FromFault(SignalNumber.SIGTRAP, TRAP_TRACE, registers.Rip),
        ExceptionVector.Breakpoint => SignalInfo.FromKernel(SignalNumber.SIGTRAP),
        ExceptionVector.InvalidOpcode => SignalInfo.FromFault(SignalNumber.SIGILL, ILL_ILLOPN, registers.Rip),
        ExceptionVector.SegmentNotPresent or ExceptionVector.Stack => SignalInfo.FromKernel(SignalNumber.SIGBUS),
        ExceptionVector.AlignmentCheck => SignalInfo.FromFault(SignalNumber.SIGBUS, BUS_ADRALN, 0),
        ExceptionVector.X87FloatingPoint or ExceptionVector.SimdFloatingPoint =>
            SignalInfo.FromFault(SignalNumber.SIGFPE, DescribeFloatingPoint(vector), registers.Rip),
        _ => SignalInfo.FromKernel(SignalNumber.SIGSEGV),
    };

    private SignalInfo DescribePageFault(ulong address)
    {
        FaultResult result = new UserAddress(address).IsRangeInUserHalf(1) ? lastFaultResult : FaultResult.NotMapped;
        return result switch
        {
            FaultResult.BeyondEnd => SignalInfo.FromFault(SignalNumber.SIGBUS, BUS_ADRERR, address),
            FaultResult.NotAllowed => SignalInfo.FromFault(SignalNumber.SIGSEGV, SEGV_ACCERR, address),
            FaultResult.OutOfMemory => SignalInfo.FromKernel(SignalNumber.SIGKILL),
            _ => SignalInfo.FromFault(SignalNumber.SIGSEGV, SEGV_MAPERR, address),
        };
    }

    // Which unmasked floating-point exceptions stand: x87 status and control word, or MXCSR (APM volume 1, 6.8 and 4.2.2).
    private int DescribeFloatingPoint(ExceptionVector vector)
    {
        Thread.SaveFloatingPoint();
        ReadOnlySpan<byte> area = Thread.FloatingPointImage;
        int raised;
        if (vector == ExceptionVector.X87FloatingPoint)
        {
            raised = BinaryPrimitives.ReadUInt16LittleEndian(area.Slice(2)) & ~BinaryPrimitives.ReadUInt16LittleEndian(area);
        }
        else
        {
            int mxcsr = (int)BinaryPrimitives.ReadUInt32LittleEndian(area.Slice(24));
            raised = mxcsr & ~(mxcsr >> 7);
        }

        return (raised & 1) != 0 ? FPE_FLTINV
            : (raised & 4) != 0 ? FPE_FLTDIV
            : (raised & 8) != 0 ? FPE_FLTOVF
            : (raised & 0x12) != 0 ? FPE_FLTUND
            : (raised & 0x20) != 0 ? FPE_FLTRES : 0;
    }
}

using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using LiteBox.Platform;
using LiteBox.South.Instructions;
using LiteBox.South.Interrupts;
using LiteBox.South.Processors;
using LiteBox.South.Scheduling;
using LiteBox.South.Snp;
using LiteBox.South.Stops;

namespace LiteBox.South.Exceptions;

/// <summary>
/// Where the entry stubs come to: system calls, interrupts and exceptions, from user mode and from the kernel. Interrupts are off throughout the kernel
/// but for the one instruction of the idle loop that waits for them.
/// </summary>
internal static unsafe class KernelEntry
{
    /// <summary>SYSCALL. The stub has the user's registers on this thread's stack and leaves by them.</summary>
    [RuntimeExport("HandleSystemCall")]
    private static void HandleSystemCall(ref UserRegisters registers)
    {
        ThreadFate fate = SouthScheduler.CurrentUser!.Task.OnSystemCall(ref registers);
        if (ProcessorSetup.Area.PendingWork != 0 || fate != ThreadFate.Continue)
        {
            FinishWork(SouthScheduler.CurrentUser!, ref registers, fate);
        }
    }

    /// <summary>An interrupt or exception in user mode. The stub leaves by IRET.</summary>
    [RuntimeExport("HandleUserInterrupt")]
    private static void HandleUserInterrupt(ref UserRegisters registers, ulong vector, ulong errorCode)
    {
        SouthUserThread thread = SouthScheduler.CurrentUser!;
        ThreadFate fate = ThreadFate.Continue;
        if (vector == (ulong)ExceptionVector.PageFault)
        {
            fate = OnUserPageFault(thread, ref registers, new PageFaultError(errorCode), errorCode);
        }
        else if (vector >= InterruptVectors.FirstExternal)
        {
            InterruptDispatch.Handle((byte)vector);
        }
        else if (vector == (ulong)ExceptionVector.VmmCommunication && UserVmmCommunication.IsInUse)
        {
            fate = OnUserVmmCommunication(thread, ref registers, errorCode);
        }
        else
        {
            fate = OnUserException(thread, ref registers, vector, errorCode);
        }

        FinishWork(thread, ref registers, fate);
        MakeReturnable(ref registers);
    }

    /// <summary>The return from a system call that SYSRET cannot make. The stub leaves by IRET.</summary>
    [RuntimeExport("PrepareUserReturn")]
    private static void PrepareUserReturn(ref UserRegisters registers) => MakeReturnable(ref registers);

    /// <summary>The first moments of a user thread, on its own stack.</summary>
    [RuntimeExport("BeginUserThread")]
    private static void BeginUserThread(ref UserRegisters registers)
    {
        SouthScheduler.FinishSwitch();
        FinishWork(SouthScheduler.CurrentUser!, ref registers, ThreadFate.Continue);
        MakeReturnable(ref registers);
    }

    /// <summary>The life of a kernel thread, on its own stack. The stub does not expect it back.</summary>
    [RuntimeExport("RunKernelThread")]
    private static void RunKernelThread()
    {
        SouthScheduler.FinishSwitch();
        SouthScheduler.RunKernelWork();
    }

    /// <summary>An interrupt or exception in the kernel. Returning goes on at the frame's RIP.</summary>
    [RuntimeExport("HandleKernelInterrupt")]
    private static void HandleKernelInterrupt(ref UserRegisters registers, ulong vector, ulong errorCode)
    {
        if (vector >= InterruptVectors.FirstExternal)
        {
            // Interrupts are on in one instruction of the kernel: the idle loop's HLT, or its NOP. Anywhere else, somebody forged this one.
            if ((registers.Rflags & Rflags.Interrupt) == 0)
            {
                Stop.Exception(StopReason.UnexpectedInterrupt, "an interrupt while interrupts were off", registers, vector, errorCode, 0);
            }

            InterruptDispatch.Handle((byte)vector);
            return;
        }

        ulong address = vector is (ulong)ExceptionVector.PageFault or InterruptVectors.DoubleFault ? Instruction.ReadCr2() : 0;
        if (FaultFixupTable.TryFind(registers.Rip, vector, out ulong resume))
        {
            if (vector != (ulong)ExceptionVector.PageFault)
            {
                registers.Rip = resume;
                return;
            }

            if (SouthScheduler.CurrentUser is { } thread && IsResolvable(thread, address, new PageFaultError(errorCode)))
            {
                registers.Rip = thread.Task.OnPageFault(new UserAddress(address), new PageFaultError(errorCode).Access) ? registers.Rip : resume;
                return;
            }
        }

        KernelFault.Stop(registers, vector, errorCode, address);
    }

    /// <summary>
    /// An exception's frame with an error code too few or too many, which no processor makes of itself (T6): an external interrupt with an exception's vector.
    /// </summary>
    [RuntimeExport("HandleForgedFrame")]
    private static void HandleForgedFrame() => Stop.Machine(StopReason.ForgedException, "an exception came in the shape of an interrupt");

    /// <summary>A user copy may fault on user addresses, where the page tables say so, and on nothing else.</summary>
    private static bool IsResolvable(SouthUserThread thread, ulong address, PageFaultError error) =>
        address < UserAddress.Limit && !error.FromUserMode && error.Agrees(thread.PageTable, new UserAddress(address));

    private static ThreadFate OnUserPageFault(SouthUserThread thread, ref UserRegisters registers, PageFaultError error, ulong errorCode)
    {
        ulong address = Instruction.ReadCr2();
        bool isCausedByTables = address >= UserAddress.Limit ? !error.IsImpossible : error.Agrees(thread.PageTable, new UserAddress(address));
        if (!isCausedByTables || !error.FromUserMode)
        {
            Stop.Exception(StopReason.KernelPageFault, "a page fault that the page tables cannot cause", registers, (ulong)ExceptionVector.PageFault, errorCode, address);
        }

        if (address < UserAddress.Limit && thread.Task.OnPageFault(new UserAddress(address), error.Access))
        {
            return ThreadFate.Continue;
        }

        return thread.Task.OnException(ref registers, ExceptionVector.PageFault, (uint)errorCode, address);
    }

    private static ThreadFate OnUserVmmCommunication(SouthUserThread thread, ref UserRegisters registers, ulong errorCode)
    {
        ProgramInstruction instruction = new(ProgramCode.At(registers.Rip, stackalloc byte[ProgramInstruction.LongestLength]));
        switch (UserVmmCommunication.Judge(errorCode, instruction))
        {
            case VmmCommunicationVerdict.Cpuid:
                UserVmmCommunication.Emulate(ref registers, instruction);
                return ThreadFate.Continue;

            case VmmCommunicationVerdict.Signal:
                return thread.Task.OnException(ref registers, ExceptionVector.VmmCommunication, (uint)errorCode, 0);

            default:
                Forged(registers, (ulong)ExceptionVector.VmmCommunication, errorCode);
                return ThreadFate.Exit;
        }
    }

    [DoesNotReturn]
    private static void Forged(in UserRegisters registers, ulong vector, ulong errorCode) =>
        Stop.Exception(StopReason.ForgedException, "an exception that the program's instruction cannot cause", registers, vector, errorCode, 0);

    private static ThreadFate OnUserException(SouthUserThread thread, ref UserRegisters registers, ulong vector, ulong errorCode)
    {
        switch (vector)
        {
            case (ulong)ExceptionVector.DivideError:
            case (ulong)ExceptionVector.Debug:
            case (ulong)ExceptionVector.Breakpoint:
            case (ulong)ExceptionVector.Overflow:
            case (ulong)ExceptionVector.BoundRange:
            case (ulong)ExceptionVector.InvalidOpcode:
            case (ulong)ExceptionVector.DeviceNotAvailable:
            case (ulong)ExceptionVector.SegmentNotPresent:
            case (ulong)ExceptionVector.Stack:
            case (ulong)ExceptionVector.GeneralProtection:
            case (ulong)ExceptionVector.X87FloatingPoint:
            case (ulong)ExceptionVector.AlignmentCheck:
            case (ulong)ExceptionVector.SimdFloatingPoint:
                ReadOnlySpan<byte> code = ProgramCode.At(registers.Rip, stackalloc byte[ProgramInstruction.LongestLength]);
                ReadOnlySpan<byte> before = ProgramCode.Before(registers.Rip, stackalloc byte[ExceptionCause.TrapLength]);
                if (!ExceptionCause.IsPossible(vector, registers, code, before))
                {
                    Forged(registers, vector, errorCode);
                }

                return thread.Task.OnException(ref registers, (ExceptionVector)vector, (uint)errorCode, 0);

            default:
                KernelFault.Stop(registers, vector, errorCode, 0);
                return ThreadFate.Exit;
        }
    }

    /// <summary>All that stands between a thread and user mode: other threads' turn, signals, its end.</summary>
    private static void FinishWork(SouthUserThread thread, ref UserRegisters registers, ThreadFate fate)
    {
        while (fate == ThreadFate.Continue)
        {
            uint pending = ProcessorSetup.Area.PendingWork;
            if (pending == 0)
            {
                return;
            }

            if ((pending & PendingWork.Reschedule) != 0)
            {
                SouthScheduler.GiveWay();
            }
            else
            {
                thread.TakeReturnWork();
                fate = thread.Task.OnReturnToUser(ref registers);
            }
        }

        SouthScheduler.ExitCurrent();
    }

    /// <summary>Registers that IRET takes without a fault.</summary>
    private static void MakeReturnable(ref UserRegisters registers)
    {
        while (!ReturnSanitizer.IsReturnable(registers))
        {
            SouthUserThread thread = SouthScheduler.CurrentUser!;
            ThreadFate fate = thread.Task.OnException(ref registers, ExceptionVector.GeneralProtection, 0, 0);
            FinishWork(thread, ref registers, fate);
        }

        ReturnSanitizer.Sanitize(ref registers);
    }
}

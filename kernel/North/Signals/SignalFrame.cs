using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Programs;
using LiteBox.Platform;

namespace LiteBox.North.Signals;

/// <summary>
/// The frame on the user's stack under a signal handler: struct rt_sigframe of x86-64, with ucontext, siginfo and the XSAVE area
/// (arch/x86/include/asm/sigframe.h, arch/x86/include/uapi/asm/{ucontext,sigcontext}.h).
/// </summary>
internal static class SignalFrame
{
    private const int FixedSize = 440;
    private const int ContextOffset = 8;
    private const int InfoOffset = 312;

    private const ulong RedZone = 128; // System V ABI, 3.2.2
    private const int FloatingPointAlignment = 64;

    // uc_flags
    private const ulong HasExtendedState = 1; // UC_FP_XSTATE
    private const ulong HasStackSegment = 2 | 4; // UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS

    // In the part of the FXSAVE area that is software's (struct _fpx_sw_bytes), and behind the area.
    private const int SoftwareOffset = 464;
    private const int LegacySize = 512;
    private const int HeaderOffset = 512;
    private const uint Magic1 = 0x46505853;
    private const uint Magic2 = 0x46505845;

    // Flags that must not be as the interrupted program left them: trap, direction, resume.
    private const ulong ClearedFlags = 0x100 | 0x400 | 0x10000;

    // Flags that a program may choose (FIX_EFLAGS): AC, OF, DF, TF, SF, ZF, AF, PF, CF, RF.
    private const ulong RestorableFlags = 0x40000 | 0x800 | 0x400 | 0x100 | 0x80 | 0x40 | 0x10 | 0x4 | 0x1 | 0x10000;

    /// <summary>The most bytes that a frame takes from the stack, for AT_MINSIGSTKSZ (getauxval(3)).</summary>
    public static int MaximumSize(int floatingPointSize) => (FixedSize + floatingPointSize + sizeof(uint) + FloatingPointAlignment + 16 + 15) & ~15;

    /// <summary>Puts the frame on the stack and lets the registers begin the handler. False: the stack is no memory.</summary>
    public static bool TryPush(Task task, in SignalInfo info, in SignalAction action, ref UserRegisters registers)
    {
        SignalFrameRoom? room = task.SignalFrameRoom ?? MakeRoom(task);
        if (!action.Has(SignalAction.SA_RESTORER) || room is null)
        {
            return false;
        }

        int floatingPointSize = task.Thread.FloatingPointSize;
        bool isExtended = floatingPointSize > LegacySize;
        int areaSize = isExtended ? floatingPointSize + sizeof(uint) : floatingPointSize;
        if (!TryChooseStack(task, action, registers.Rsp, out ulong top))
        {
            return false;
        }

        ulong floatingPoint = (top - (ulong)areaSize) & ~(ulong)(FloatingPointAlignment - 1);
        ulong frame = ((floatingPoint - FixedSize) & ~15UL) - sizeof(ulong);
        if (top < (ulong)areaSize + FixedSize + 128 || (task.SignalStack.Contains(top) && !task.SignalStack.Contains(frame)))
        {
            return false;
        }

        task.Thread.SaveFloatingPoint();
        Span<byte> image = task.Thread.FloatingPointImage.Slice(0, areaSize);
        if (isExtended)
        {
            WriteExtendedMarks(task.Kernel.ExtendedFeatures(floatingPointSize), floatingPointSize, image);
        }

        ref SignalFrameRecord record = ref room.Frame;
        record.ReturnAddress = action.Restorer;
        SaveContext(task, registers, floatingPoint, isExtended, ref record.Context);
        Describe(info, ref record.Info);
        if (!task.UserMemory.TryWrite(new UserAddress(floatingPoint), image)
            || !new UserPointer<SignalFrameRecord>(frame).TryWrite(task.UserMemory, record))
        {
            return false;
        }

        if ((task.SignalStack.Flags & SignalStack.SS_AUTODISARM) != 0)
        {
            task.SignalStack = SignalStack.None;
        }

        task.Thread.ResetFloatingPoint();
        registers.Rip = action.Handler;
        registers.Rsp = frame;
        registers.Rdi = (ulong)info.Signal;
        registers.Rsi = frame + InfoOffset;
        registers.Rdx = frame + ContextOffset;
        registers.Rax = 0;
        registers.Rflags &= ~ClearedFlags;
        registers.Cs = UserSelectors.Code;
        registers.Ss = UserSelectors.Data;
        return true;
    }

    /// <summary>rt_sigreturn(2): takes everything back from the frame whose return address the handler has popped. False: not a frame.</summary>
    public static bool TryPop(Task task, ref UserRegisters registers)
    {
        // The handler's return popped the first word: the context follows.
        SignalFrameRoom? room = task.SignalFrameRoom ?? MakeRoom(task);
        if (room is null
            || !new UserPointer<UserContextRecord>(registers.Rsp).TryReadOver(task.UserMemory, ref room.Context))
        {
            return false;
        }

        ref readonly UserContextRecord context = ref room.Context;
        if (context.FloatingPoint == 0)
        {
            task.Thread.ResetFloatingPoint();
        }
        else if (!TryLoadFloatingPoint(task, context.FloatingPoint))
        {
            return false;
        }

        RestoreRegisters(context, ref registers);
        task.SetBlockedSignals(context.Mask);
        SignalStackChange.Restore(task, new SignalStack(context.Stack.Address, context.Stack.Size, context.Stack.Flags), registers.Rsp);
        return true;
    }

    /// <summary>The siginfo_t of a signal.</summary>
    public static SignalInfoRecord ToRecord(in SignalInfo info)
    {
        SignalInfoRecord record = default;
        Describe(info, ref record);
        return record;
    }

    /// <summary>A siginfo_t that a program made up; the signal's number is the call's.</summary>
    public static SignalInfo FromRecord(in SignalInfoRecord record, int signal) =>
        new(signal, record.Code, record.Error, record.Word0, record.Word1, record.Word2, record.Word3);

    private static void Describe(in SignalInfo info, ref SignalInfoRecord record)
    {
        record.Signal = info.Signal;
        record.Error = info.Error;
        record.Code = info.Code;
        record.Word0 = info.Word0;
        record.Word1 = info.Word1;
        record.Word2 = info.Word2;
        record.Word3 = info.Word3;
    }

    private static bool TryChooseStack(Task task, in SignalAction action, ulong stackPointer, out ulong top)
    {
        SignalStack stack = task.SignalStack;
        bool isOnStack = stack.Contains(stackPointer) && (stack.Flags & SignalStack.SS_AUTODISARM) == 0;
        bool switches = action.Has(SignalAction.SA_ONSTACK) && stack.Size != 0 && !isOnStack;
        top = switches ? stack.Address + stack.Size : stackPointer - RedZone;
        return switches || stackPointer > RedZone;
    }

    // Null: there is no heap for it.
    private static SignalFrameRoom? MakeRoom(Task task)
    {
        if (task.Kernel.Machine.Heap.TryReserve(SignalFrameRoom.HeapBytes))
        {
            task.SignalFrameRoom = new SignalFrameRoom();
        }

        return task.SignalFrameRoom;
    }

    private static void SaveContext(Task task, in UserRegisters registers, ulong floatingPoint, bool isExtended, ref UserContextRecord context)
    {
        SignalStack stack = task.SignalStack;
        ulong mask = task.TakeMaskForFrame();
        context.Flags = isExtended ? HasExtendedState | HasStackSegment : HasStackSegment;
        context.Stack.Address = stack.Address;
        context.Stack.Flags = stack.Flags;
        context.Stack.Size = stack.Size;
        context.R8 = registers.R8;
        context.R9 = registers.R9;
        context.R10 = registers.R10;
        context.R11 = registers.R11;
        context.R12 = registers.R12;
        context.R13 = registers.R13;
        context.R14 = registers.R14;
        context.R15 = registers.R15;
        context.Rdi = registers.Rdi;
        context.Rsi = registers.Rsi;
        context.Rbp = registers.Rbp;
        context.Rbx = registers.Rbx;
        context.Rdx = registers.Rdx;
        context.Rax = registers.Rax;
        context.Rcx = registers.Rcx;
        context.Rsp = registers.Rsp;
        context.Rip = registers.Rip;
        context.Rflags = registers.Rflags;
        context.Cs = (ushort)UserSelectors.Code;
        context.Ss = (ushort)UserSelectors.Data;
        context.ErrorCode = task.LastErrorCode;
        context.TrapNumber = task.LastTrapNumber;
        context.OldMask = mask;
        context.FaultAddress = task.LastFaultAddress;
        context.FloatingPoint = floatingPoint;
        context.Mask = mask;
    }

    private static void RestoreRegisters(in UserContextRecord context, ref UserRegisters registers)
    {
        registers.R8 = context.R8;
        registers.R9 = context.R9;
        registers.R10 = context.R10;
        registers.R11 = context.R11;
        registers.R12 = context.R12;
        registers.R13 = context.R13;
        registers.R14 = context.R14;
        registers.R15 = context.R15;
        registers.Rdi = context.Rdi;
        registers.Rsi = context.Rsi;
        registers.Rbp = context.Rbp;
        registers.Rbx = context.Rbx;
        registers.Rdx = context.Rdx;
        registers.Rax = context.Rax;
        registers.Rcx = context.Rcx;
        registers.Rsp = context.Rsp;
        registers.Rip = context.Rip;
        registers.Rflags = (registers.Rflags & ~RestorableFlags) | (context.Rflags & RestorableFlags);
        registers.OriginalRax = ulong.MaxValue; // no restart of what was restored
    }

    private static void WriteExtendedMarks(ulong features, int size, Span<byte> area)
    {
        Span<byte> software = area.Slice(SoftwareOffset, 48);
        software.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(software, Magic1 | ((ulong)size + sizeof(uint)) << 32);
        BinaryPrimitives.WriteUInt64LittleEndian(software.Slice(8), features);
        BinaryPrimitives.WriteUInt64LittleEndian(software.Slice(16), (ulong)size);
        BinaryPrimitives.WriteUInt32LittleEndian(area.Slice(size), Magic2);
    }

    // A frame whose marks are not (all) there holds the legacy area only (check_xstate_in_sigframe in arch/x86/kernel/fpu/signal.c).
    private static bool TryLoadFloatingPoint(Task task, ulong address)
    {
        int size = task.Thread.FloatingPointSize;
        Span<byte> area = task.Thread.FloatingPointImage;
        bool isExtended = size > LegacySize && TryReadExtended(task, address, size, area);
        if (!isExtended)
        {
            area.Clear();
            if (!task.UserMemory.TryRead(new UserAddress(address), area.Slice(0, LegacySize)))
            {
                return false;
            }

            if (size > LegacySize)
            {
                area[HeaderOffset] = 3; // XSTATE_BV: x87 and SSE
            }
        }

        return task.Thread.TryLoadFloatingPoint();
    }

    private static bool TryReadExtended(Task task, ulong address, int size, Span<byte> area) =>
        task.UserMemory.TryRead(new UserAddress(address), area.Slice(0, size + sizeof(uint)))
            && BinaryPrimitives.ReadUInt32LittleEndian(area.Slice(SoftwareOffset)) == Magic1
            && BinaryPrimitives.ReadUInt32LittleEndian(area.Slice(SoftwareOffset + 16)) == (uint)size
            && BinaryPrimitives.ReadUInt32LittleEndian(area.Slice(size)) == Magic2;
}

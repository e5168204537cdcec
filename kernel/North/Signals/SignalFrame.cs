using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
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
    // Offsets from the frame's start.
    private const int ContextOffset = 8; // after the return address
    private const int FlagsOffset = ContextOffset;
    private const int StackOffset = ContextOffset + 16;
    private const int RegistersOffset = ContextOffset + 40;
    private const int FloatingPointPointerOffset = RegistersOffset + 184;
    private const int MaskOffset = ContextOffset + 296;
    private const int InfoOffset = ContextOffset + 304;
    private const int FixedSize = InfoOffset + 128;

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
        if (!action.Has(SignalAction.SA_RESTORER) || !TryGetBuffer(task, out byte[]? buffer))
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

        int areaOffset = (int)(floatingPoint - frame);
        Span<byte> bytes = buffer.AsSpan(0, areaOffset + areaSize);
        bytes.Slice(0, areaOffset).Clear();
        WriteContext(task, action, registers, floatingPoint, isExtended, bytes);
        WriteInfo(info, bytes.Slice(InfoOffset));
        task.Thread.SaveFloatingPoint(bytes.Slice(areaOffset));
        if (isExtended)
        {
            WriteExtendedMarks(task.Kernel.ExtendedFeatures(floatingPointSize), floatingPointSize, bytes.Slice(areaOffset));
        }

        if (!task.UserMemory.TryWrite(new UserAddress(frame), bytes))
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
        ulong frame = registers.Rsp - sizeof(ulong);
        Span<byte> context = stackalloc byte[InfoOffset];
        if (!TryGetBuffer(task, out byte[]? buffer) || !task.UserMemory.TryRead(new UserAddress(frame), context))
        {
            return false;
        }

        ulong floatingPoint = Load(context, FloatingPointPointerOffset);
        if (floatingPoint == 0)
        {
            task.Thread.ResetFloatingPoint();
        }
        else if (!TryLoadFloatingPoint(task, floatingPoint, buffer))
        {
            return false;
        }

        ReadRegisters(context.Slice(RegistersOffset), ref registers);
        task.SetBlockedSignals(Load(context, MaskOffset));
        var stack = new SignalStack(Load(context, StackOffset), Load(context, StackOffset + 16), (int)Load(context, StackOffset + 8));
        SignalStackChange.Restore(task, stack, registers.Rsp);
        return true;
    }

    /// <summary>Lays a siginfo_t out in 128 bytes that are zero.</summary>
    public static void WriteInfo(in SignalInfo info, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, info.Signal);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.Slice(4), info.Error);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.Slice(8), info.Code);
        Store(bytes, 16, info.Word0);
        Store(bytes, 24, info.Word1);
        Store(bytes, 32, info.Word2);
        Store(bytes, 40, info.Word3);
    }

    /// <summary>Reads a siginfo_t that a program made up; the signal's number is the call's.</summary>
    public static SignalInfo ReadInfo(ReadOnlySpan<byte> bytes, int signal) => new(
        signal,
        BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(8)),
        BinaryPrimitives.ReadInt32LittleEndian(bytes.Slice(4)),
        Load(bytes, 16),
        Load(bytes, 24),
        Load(bytes, 32),
        Load(bytes, 40));

    private static bool TryChooseStack(Task task, in SignalAction action, ulong stackPointer, out ulong top)
    {
        SignalStack stack = task.SignalStack;
        bool isOnStack = stack.Contains(stackPointer) && (stack.Flags & SignalStack.SS_AUTODISARM) == 0;
        bool switches = action.Has(SignalAction.SA_ONSTACK) && stack.Size != 0 && !isOnStack;
        top = switches ? stack.Address + stack.Size : stackPointer - RedZone;
        return switches || stackPointer > RedZone;
    }

    private static bool TryGetBuffer(Task task, [NotNullWhen(true)] out byte[]? buffer)
    {
        buffer = task.SignalFrameBuffer;
        if (buffer is not null)
        {
            return true;
        }

        int size = MaximumSize(task.Thread.FloatingPointSize);
        if (!task.Kernel.Machine.Heap.TryReserve(size + 64))
        {
            return false;
        }

        buffer = new byte[size];
        task.SignalFrameBuffer = buffer;
        return true;
    }

    private static void WriteContext(
        Task task, in SignalAction action, in UserRegisters registers, ulong floatingPoint, bool isExtended, Span<byte> bytes)
    {
        SignalStack stack = task.SignalStack;
        ulong mask = task.TakeMaskForFrame();
        Store(bytes, 0, action.Restorer);
        Store(bytes, FlagsOffset, isExtended ? HasExtendedState | HasStackSegment : HasStackSegment);
        Store(bytes, StackOffset, stack.Address);
        Store(bytes, StackOffset + 8, (uint)stack.Flags);
        Store(bytes, StackOffset + 16, stack.Size);
        Store(bytes, MaskOffset, mask);
        Store(bytes, FloatingPointPointerOffset, floatingPoint);

        Span<byte> saved = bytes.Slice(RegistersOffset);
        Store(saved, 0, registers.R8);
        Store(saved, 8, registers.R9);
        Store(saved, 16, registers.R10);
        Store(saved, 24, registers.R11);
        Store(saved, 32, registers.R12);
        Store(saved, 40, registers.R13);
        Store(saved, 48, registers.R14);
        Store(saved, 56, registers.R15);
        Store(saved, 64, registers.Rdi);
        Store(saved, 72, registers.Rsi);
        Store(saved, 80, registers.Rbp);
        Store(saved, 88, registers.Rbx);
        Store(saved, 96, registers.Rdx);
        Store(saved, 104, registers.Rax);
        Store(saved, 112, registers.Rcx);
        Store(saved, 120, registers.Rsp);
        Store(saved, 128, registers.Rip);
        Store(saved, 136, registers.Rflags);
        Store(saved, 144, UserSelectors.Code | UserSelectors.Data << 48); // cs, gs, fs, ss
        Store(saved, 152, task.LastErrorCode);
        Store(saved, 160, task.LastTrapNumber);
        Store(saved, 168, mask);
        Store(saved, 176, task.LastFaultAddress);
    }

    private static void ReadRegisters(ReadOnlySpan<byte> saved, ref UserRegisters registers)
    {
        registers.R8 = Load(saved, 0);
        registers.R9 = Load(saved, 8);
        registers.R10 = Load(saved, 16);
        registers.R11 = Load(saved, 24);
        registers.R12 = Load(saved, 32);
        registers.R13 = Load(saved, 40);
        registers.R14 = Load(saved, 48);
        registers.R15 = Load(saved, 56);
        registers.Rdi = Load(saved, 64);
        registers.Rsi = Load(saved, 72);
        registers.Rbp = Load(saved, 80);
        registers.Rbx = Load(saved, 88);
        registers.Rdx = Load(saved, 96);
        registers.Rax = Load(saved, 104);
        registers.Rcx = Load(saved, 112);
        registers.Rsp = Load(saved, 120);
        registers.Rip = Load(saved, 128);
        registers.Rflags = (registers.Rflags & ~RestorableFlags) | (Load(saved, 136) & RestorableFlags);
        registers.OriginalRax = ulong.MaxValue; // no restart of what was restored
    }

    private static void WriteExtendedMarks(ulong features, int size, Span<byte> area)
    {
        Span<byte> software = area.Slice(SoftwareOffset, 48);
        software.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(software, Magic1);
        BinaryPrimitives.WriteUInt32LittleEndian(software.Slice(4), (uint)size + sizeof(uint));
        BinaryPrimitives.WriteUInt64LittleEndian(software.Slice(8), features);
        BinaryPrimitives.WriteUInt32LittleEndian(software.Slice(16), (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(area.Slice(size), Magic2);
    }

    // A frame whose marks are not (all) there holds the legacy area only (check_xstate_in_sigframe in arch/x86/kernel/fpu/signal.c).
    private static bool TryLoadFloatingPoint(Task task, ulong address, byte[] buffer)
    {
        int size = task.Thread.FloatingPointSize;
        Span<byte> area = buffer.AsSpan(0, size + sizeof(uint));
        area.Clear();
        if (!task.UserMemory.TryRead(new UserAddress(address), area.Slice(0, LegacySize)))
        {
            return false;
        }

        ReadOnlySpan<byte> software = area.Slice(SoftwareOffset);
        bool isExtended = size > LegacySize
            && BinaryPrimitives.ReadUInt32LittleEndian(software) == Magic1
            && BinaryPrimitives.ReadUInt32LittleEndian(software.Slice(16)) == (uint)size
            && task.UserMemory.TryRead(new UserAddress(address), area)
            && BinaryPrimitives.ReadUInt32LittleEndian(area.Slice(size)) == Magic2;
        if (!isExtended && size > LegacySize)
        {
            area.Slice(LegacySize).Clear();
            area[HeaderOffset] = 3; // XSTATE_BV: x87 and SSE
        }

        return task.Thread.TryLoadFloatingPoint(area.Slice(0, size));
    }

    private static void Store(Span<byte> bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.Slice(offset), value);

    private static ulong Load(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(offset));
}

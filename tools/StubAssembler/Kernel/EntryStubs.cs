using Iced.Intel;
using LiteBox.Platform;
using LiteBox.South.Instructions;
using LiteBox.South.Processors;
using LiteBox.South.Scheduling;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Kernel;

/// <summary>
/// The ways into the kernel and out of it. All of them leave the user's registers in the form of Platform's UserRegisters at the top of the thread's stack,
/// with those XMM registers below that the kernel's own code writes to (EntryFrame): Linux's system calls keep them all. The other XMM registers, the upper
/// halves of all, x87 and MXCSR stay in the processor: nothing in the kernel touches them.
/// </summary>
internal static class EntryStubs
{
    /// <summary>The XMM area and what aligns it.</summary>
    private const int VectorsSize = EntryFrame.VectorsSize + EntryFrame.VectorsPadding;

    private static readonly AssemblerRegisterXMM[] Vectors =
    [
        xmm0, xmm1, xmm2, xmm3, xmm4, xmm5, xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15,
    ];

    public static void AddTo(StubSet set)
    {
        set.AddCode("SystemCallEntry", SystemCall);
        set.AddCode("InterruptEntries", InterruptEntries, alignment: StubAddresses.InterruptEntrySize);
        set.AddCode("InterruptCommon", InterruptCommon);
        set.AddCode("ReturnToUser", ReturnToUser);
        set.AddCode("SwitchStack", SwitchStack);
        set.AddCode("UserThreadStart", UserThreadStart);
        set.AddCode("KernelThreadStart", KernelThreadStart);
    }

    /// <summary>
    /// SYSCALL leaves RIP in RCX and RFLAGS in R11, keeps the user's stack, and turns interrupts off (SFMASK); APM volume 2, 6.1.1.
    /// SECURITY: until RSP is the kernel's, nothing here can fault, and only NMI, #MC, #DF and #VC could come between; they have stacks of their own
    /// and do not trust GS (T5, T67).
    /// </summary>
    private static void SystemCall(StubCode s)
    {
        Assembler code = s.Assembler;
        code.swapgs();
        code.mov(__qword_ptr.gs[AreaOffsets.UserStackPointer], rsp);
        code.mov(rsp, __qword_ptr.gs[AreaOffsets.EntryStackPointer]);
        code.push(Selectors.UserData);
        code.push(__qword_ptr.gs[AreaOffsets.UserStackPointer]);
        code.push(r11);
        code.push(Selectors.UserCode);
        code.push(rcx);
        code.push(rax); // OriginalRax
        PushGeneral(code);
        SaveVectors(code);
        code.lea(rdi, __[rsp + VectorsSize]);
        code.call(s.Symbol("HandleSystemCall"));

        // SYSRET takes RIP from RCX and RFLAGS from R11. It will do where the program expects them there, as after a system call, and where
        // both are harmless. SECURITY: with a RIP that is not canonical, SYSRET would fault in the kernel on the user's stack (T67).
        Label slow = code.CreateLabel();
        code.mov(rcx, Frame(FrameOffsets.Rip));
        code.mov(r11, Frame(FrameOffsets.Rflags));
        code.cmp(rcx, Frame(FrameOffsets.Rcx));
        code.jne(slow);
        code.cmp(r11, Frame(FrameOffsets.R11));
        code.jne(slow);
        code.test(__dword_ptr[rsp + VectorsSize + FrameOffsets.Rip + 4], NotUserHalf);
        code.jne(slow);
        code.test(r11d, NotSysretFlags);
        code.jne(slow);
        code.or(r11d, (int)Rflags.Interrupt);

        RestoreVectors(code);
        code.mov(r15, Frame(FrameOffsets.R15));
        code.mov(r14, Frame(FrameOffsets.R14));
        code.mov(r13, Frame(FrameOffsets.R13));
        code.mov(r12, Frame(FrameOffsets.R12));
        code.mov(rbp, Frame(FrameOffsets.Rbp));
        code.mov(rbx, Frame(FrameOffsets.Rbx));
        code.mov(r10, Frame(FrameOffsets.R10));
        code.mov(r9, Frame(FrameOffsets.R9));
        code.mov(r8, Frame(FrameOffsets.R8));
        code.mov(rax, Frame(FrameOffsets.Rax));
        code.mov(rdx, Frame(FrameOffsets.Rdx));
        code.mov(rsi, Frame(FrameOffsets.Rsi));
        code.mov(rdi, Frame(FrameOffsets.Rdi));
        code.mov(rsp, Frame(FrameOffsets.Rsp));
        code.swapgs();
        code.sysretq();

        code.Label(ref slow);
        code.lea(rdi, __[rsp + VectorsSize]);
        code.call(s.Symbol("PrepareUserReturn"));
        code.jmp(s.Symbol("ReturnToUser"));
    }

    /// <summary>A user register while RSP is at the vectors below them.</summary>
    private static AssemblerMemoryOperand Frame(int offset) => __qword_ptr[rsp + (VectorsSize + offset)];

    /// <summary>The bits of the upper half of RIP that no user address has (bit 47 and above).</summary>
    private const int NotUserHalf = unchecked((int)0xFFFF_8000);

    private const int NotSysretFlags = unchecked((int)~(uint)Rflags.SysretMayRestore);

    /// <summary>
    /// One entry of 16 bytes a vector. The processor pushes SS, RSP, RFLAGS, CS, RIP and for some exceptions an error code; an entry adds the missing
    /// error code, and the vector where RDI will be.
    /// </summary>
    private static void InterruptEntries(StubCode s)
    {
        const int PushByteSize = 2;
        const int PushWordSize = 5;
        const int JumpSize = 5;
        for (int vector = 0; vector < InterruptVectors.Count; vector++)
        {
            int size = (vector <= sbyte.MaxValue ? PushByteSize : PushWordSize) + JumpSize;
            if (!InterruptVectors.PushesErrorCode(vector))
            {
                s.Assembler.push(0);
                size += PushByteSize;
            }

            s.Assembler.push(vector);
            s.Assembler.jmp(s.Symbol("InterruptCommon"));
            for (; size < StubAddresses.InterruptEntrySize; size++)
            {
                s.Assembler.int3();
            }
        }
    }

    /// <summary>Completes the frame and calls C# with its address, the vector and the error code.</summary>
    private static void InterruptCommon(StubCode s)
    {
        Assembler code = s.Assembler;
        code.cld();
        code.clac(); // an interrupted user copy has AC set

        // SECURITY: the processor aligns the stack to 16 before it pushes a frame (APM volume 2, 8.9.3), and every entry completes it to seven words. One
        // word more or less means that an external interrupt came with an exception's vector, or an exception with another's error code (T6).
        Label forged = code.CreateLabel();
        code.test(spl, 8);
        code.je(forged);
        code.push(rsi);
        code.mov(rsi, __qword_ptr[rsp + 8]); // the vector makes room for RDI
        code.mov(__qword_ptr[rsp + 8], rdi);
        PushGeneralBelowRsi(code);
        code.mov(rdx, __qword_ptr[rsp + FrameOffsets.OriginalRax]);
        code.mov(__qword_ptr[rsp + FrameOffsets.OriginalRax], -1);
        code.test(__byte_ptr[rsp + FrameOffsets.Cs], Selectors.PrivilegeMask);
        Label fromKernel = code.CreateLabel();
        code.je(fromKernel);

        code.swapgs();
        MoveToThreadStack(code);
        SaveVectors(code);
        code.lea(rdi, __[rsp + VectorsSize]);
        code.call(s.Symbol("HandleUserInterrupt"));
        code.jmp(s.Symbol("ReturnToUser"));

        // From the kernel: a user copy or the idle loop, which have nothing in the vector registers, or the end of the machine.
        code.Label(ref fromKernel);
        code.mov(rdi, rsp);
        code.sub(rsp, 8); // aligns the stack
        code.call(s.Symbol("HandleKernelInterrupt"));
        code.add(rsp, 8);
        PopGeneral(code);
        code.add(rsp, 8); // OriginalRax
        code.iretq();

        // Nothing else in this frame is where it should be.
        code.Label(ref forged);
        code.call(s.Symbol("HandleForgedFrame"));
        code.ud2();
    }

    /// <summary>
    /// #VC comes on a stack of its own, for the sake of one in the kernel. From user mode the thread's stack is empty, and its frame belongs there: the thread
    /// may have to wait, and the next #VC would take the shared stack from under it.
    /// </summary>
    private static void MoveToThreadStack(Assembler code)
    {
        Label onThreadStack = code.CreateLabel();
        code.cmp(esi, (int)ExceptionVector.VmmCommunication);
        code.jne(onThreadStack);
        code.mov(r8, rsi);
        code.mov(rdi, __qword_ptr.gs[AreaOffsets.EntryStackPointer]);
        code.sub(rdi, FrameOffsets.Size);
        code.mov(rax, rdi);
        code.mov(rsi, rsp);
        code.mov(ecx, FrameOffsets.Size / sizeof(ulong));
        code.rep.movsq();
        code.mov(rsp, rax);
        code.mov(rsi, r8);
        code.Label(ref onThreadStack);
    }

    /// <summary>Leaves with the registers above RSP, which C# has made safe for IRET.</summary>
    private static void ReturnToUser(StubCode s)
    {
        Assembler code = s.Assembler;
        RestoreVectors(code);
        code.add(rsp, VectorsSize);
        PopGeneral(code);
        code.add(rsp, 8); // OriginalRax
        code.swapgs();
        code.iretq();
    }

    /// <summary>RDI: where the stack pointer goes, RSI: the next one. EntryFrame knows the number of registers.</summary>
    private static void SwitchStack(StubCode s)
    {
        Assembler code = s.Assembler;
        code.push(rbx);
        code.push(rbp);
        code.push(r12);
        code.push(r13);
        code.push(r14);
        code.push(r15);
        code.mov(__qword_ptr[rdi], rsp);
        code.mov(rsp, rsi);
        code.pop(r15);
        code.pop(r14);
        code.pop(r13);
        code.pop(r12);
        code.pop(rbp);
        code.pop(rbx);
        code.ret();
    }

    /// <summary>The stack holds the vectors and the registers, as after an entry.</summary>
    private static void UserThreadStart(StubCode s)
    {
        Assembler code = s.Assembler;
        code.lea(rdi, __[rsp + VectorsSize]);
        code.call(s.Symbol("BeginUserThread"));
        code.jmp(s.Symbol("ReturnToUser"));
    }

    private static void KernelThreadStart(StubCode s)
    {
        Assembler code = s.Assembler;
        code.call(s.Symbol("RunKernelThread"));
        code.ud2();
    }

    /// <summary>RDI to R15: what lies below OriginalRax.</summary>
    private static void PushGeneral(Assembler code)
    {
        code.push(rdi);
        code.push(rsi);
        PushGeneralBelowRsi(code);
    }

    private static void PushGeneralBelowRsi(Assembler code)
    {
        code.push(rdx);
        code.push(rcx);
        code.push(rax);
        code.push(r8);
        code.push(r9);
        code.push(r10);
        code.push(r11);
        code.push(rbx);
        code.push(rbp);
        code.push(r12);
        code.push(r13);
        code.push(r14);
        code.push(r15);
    }

    private static void PopGeneral(Assembler code)
    {
        code.pop(r15);
        code.pop(r14);
        code.pop(r13);
        code.pop(r12);
        code.pop(rbp);
        code.pop(rbx);
        code.pop(r11);
        code.pop(r10);
        code.pop(r9);
        code.pop(r8);
        code.pop(rax);
        code.pop(rcx);
        code.pop(rdx);
        code.pop(rsi);
        code.pop(rdi);
    }

    private static void SaveVectors(Assembler code)
    {
        code.sub(rsp, VectorsSize);
        StoreVectors(code, rsp);
    }

    private static void RestoreVectors(Assembler code) => LoadVectors(code, rsp);

    /// <summary>Puts the XMM registers that the kernel uses where <paramref name="vectors"/> points.</summary>
    internal static void StoreVectors(Assembler code, AssemblerRegister64 vectors)
    {
        for (int index = 0; index < EntryFrame.VectorCount; index++)
        {
            code.movaps(__xmmword_ptr[vectors + (index * EntryFrame.VectorSize)], Vectors[EntryFrame.SavedVectors[index]]);
        }
    }

    /// <summary>Takes them from there.</summary>
    internal static void LoadVectors(Assembler code, AssemblerRegister64 vectors)
    {
        for (int index = 0; index < EntryFrame.VectorCount; index++)
        {
            code.movaps(Vectors[EntryFrame.SavedVectors[index]], __xmmword_ptr[vectors + (index * EntryFrame.VectorSize)]);
        }
    }
}

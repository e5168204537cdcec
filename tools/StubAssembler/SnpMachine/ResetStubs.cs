using Iced.Intel;
using System;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.SnpMachine;

/// <summary>
/// From the reset vector to C#: real mode, protected mode, long mode (APM volume 2, 14.6 and 14.8), and from the ROM into hidden memory at
/// 128 GiB. The pieces stand at fixed places in the last page of the ROM, which qemu/SnpMachine/machine.ld gives them.
/// </summary>
/// <remarks>
/// The other processors take the same way from a start-up IPI on: a far jump in low memory brings them to F000:FFE0. EBX tells the two apart.
/// </remarks>
internal static class ResetStubs
{
    private const uint Page = 0xFFFF_F000;
    private const uint GdtPointer = Page + 0x40;
    private const uint Reset16 = Page + 0x100;
    private const uint Reset32 = Page + 0x200;
    private const uint Reset64 = Page + 0x400;
    private const uint ApVector = Page + 0xFE0;
    private const uint ResetVector = Page + 0xFF0;
    private const ulong ImageHome = 0x20_0000_0000;
    private const uint ImageInRom = 0xFFF8_0000;
    private const uint ImageBytes = Page - ImageInRom;

    private const ushort Code32 = 0x10;
    private const ushort Data32 = 0x18;
    private const ushort Code64 = 0x20;

    // Page tables for the first steps, in low memory that nobody has claimed yet.
    private const uint TopTable = 0x1_0000;
    private const uint PointerTable = 0x1_1000;
    private const uint MiddleTable = 0x1_2000;
    private const int TableBytes = 0x1000;
    private const uint PresentWritable = 3;
    private const uint LargePage = 0x83;
    private const int ApRoot = 0x800;

    private const uint Cr4PaeAndSse = 0x620;
    private const uint Cr4FiveLevels = 0x1000;
    private const uint EferRegister = 0xC000_0080;
    private const uint EferSvmNxLong = 0x1900;
    private const uint Cr0Clear = 0x6000_000C;
    private const uint Cr0Set = 0x8001_0023;
    private const int StackBytes = 0x8000;
    private const int Processors = 64;

    public static void AddTo(StubSet set)
    {
        set.AddData("SnpResetGdt", SectionKind.ReadOnlyData, Gdt(), 16);
        set.AddCode("SnpReset16", EnterProtectedMode, bitness: 16);
        set.AddCode("SnpReset32", EnterLongMode, bitness: 32);
        set.AddCode("SnpReset64", EnterImage);
        set.AddCode("SnpApVector", s => Vector(s, ApVector, 1), bitness: 16);
        set.AddCode("SnpResetVector", s => Vector(s, ResetVector, 0), bitness: 16);
        set.AddCode("SnpEntry", Start);
        set.AddZeroed("SnpStacks", StackBytes * Processors, 4096);
        set.AddZeroed("SnpApCount", 4, 4);
    }

    // Null, unused, 32-bit code, data, 64-bit code (APM volume 2, 4.8), and at 0x40 what LGDT reads.
    private static byte[] Gdt()
    {
        byte[] bytes = new byte[0x48];
        ulong[] descriptors = [0, 0, 0x00CF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00AF_9B00_0000_FFFF];
        Buffer.BlockCopy(descriptors, 0, bytes, 0, 8 * descriptors.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(0x40), (ushort)(8 * descriptors.Length - 1));
        BitConverter.TryWriteBytes(bytes.AsSpan(0x42), Page);
        return bytes;
    }

    /// <summary>MOV BX, who; JMP to the common code, a near jump of 16 bits.</summary>
    private static void Vector(StubCode s, uint place, byte who)
    {
        const int length = 6;
        ushort distance = (ushort)(Reset16 - (place + length));
        s.Assembler.db([0xBB, who, 0x00, 0xE9, (byte)distance, (byte)(distance >> 8)]);
    }

    private static void EnterProtectedMode(StubCode s)
    {
        Assembler a = s.Assembler;
        a.cli();
        a.cld();
        // LGDT CS:[GdtPointer] with a 32-bit base: CS is the segment of the ROM's last 64 KiB, here or below 1 MiB.
        a.db([0x2E, 0x66, 0x0F, 0x01, 0x16, .. BitConverter.GetBytes((ushort)(GdtPointer & 0xFFFF))]);
        a.mov(eax, cr0);
        a.or(eax, 1);
        a.mov(cr0, eax);
        // JMP far, with a 32-bit offset.
        a.db([0x66, 0xEA, .. BitConverter.GetBytes(Reset32), .. BitConverter.GetBytes(Code32)]);
    }

    private static void EnterLongMode(StubCode s)
    {
        Assembler a = s.Assembler;
        Label tablesReady = a.CreateLabel();
        Label fourLevels = a.CreateLabel();
        Label next = a.CreateLabel();
        a.mov(ax, Data32);
        a.mov(ds, ax);
        a.mov(es, ax);
        a.mov(ss, ax);
        a.mov(fs, ax);
        a.mov(gs, ax);
        a.movzx(esi, bx);

        // Five levels where the processor has them: CPUID 7, ECX bit 16.
        a.mov(edi, Cr4PaeAndSse);
        a.mov(eax, 7);
        a.xor(ecx, ecx);
        a.cpuid();
        a.test(ecx, 1 << 16);
        a.je(fourLevels);
        a.or(edi, Cr4FiveLevels);
        a.Label(ref fourLevels);
        a.mov(cr4, edi);

        a.test(esi, esi);
        a.jne(tablesReady);
        a.mov(edx, edi);
        a.mov(edi, TopTable);
        a.xor(eax, eax);
        a.mov(ecx, 3 * TableBytes / 4);
        a.rep.stosd();
        a.mov(__dword_ptr[TopTable], PointerTable + PresentWritable);
        a.mov(__dword_ptr[MiddleTable], PointerTable + PresentWritable);
        Label topReady = a.CreateLabel();
        a.test(edx, Cr4FiveLevels);
        a.je(topReady);
        a.mov(__dword_ptr[TopTable], MiddleTable + PresentWritable);
        a.Label(ref topReady);
        a.mov(edi, PointerTable);
        a.xor(ecx, ecx);
        a.Label(ref next);
        // 512 pages of 1 GiB.
        a.mov(eax, ecx);
        a.shl(eax, 30);
        a.or(eax, LargePage);
        a.mov(__dword_ptr[edi], eax);
        a.mov(eax, ecx);
        a.shr(eax, 2);
        a.mov(__dword_ptr[edi + 4], eax);
        a.add(edi, 8);
        a.inc(ecx);
        a.cmp(ecx, 512);
        a.jb(next);

        a.Label(ref tablesReady);
        a.mov(eax, TopTable);
        a.mov(cr3, eax);
        a.mov(ecx, EferRegister);
        a.rdmsr();
        a.or(eax, EferSvmNxLong);
        a.wrmsr();
        a.mov(eax, cr0);
        a.and(eax, ~Cr0Clear);
        a.or(eax, Cr0Set);
        a.mov(cr0, eax);
        // JMP far into long mode.
        a.db([0xEA, .. BitConverter.GetBytes(Reset64), .. BitConverter.GetBytes(Code64)]);
    }

    /// <summary>The first processor copies the image from the ROM to its home; the others find it there, and its page tables.</summary>
    private static void EnterImage(StubCode s)
    {
        Assembler a = s.Assembler;
        Label other = a.CreateLabel();
        Label go = a.CreateLabel();
        a.mov(ebx, esi);
        a.test(ebx, ebx);
        a.jne(other);
        a.mov(esi, ImageInRom);
        a.mov(rdi, ImageHome);
        a.mov(ecx, ImageBytes / 8);
        a.rep.movsq();
        a.jmp(go);
        a.Label(ref other);
        a.mov(eax, TopTable + ApRoot);
        a.mov(rax, __qword_ptr[rax]);
        a.mov(cr3, rax);
        a.Label(ref go);
        a.mov(rax, ImageHome);
        a.jmp(rax);
    }

    /// <summary>The first instructions of the image: a stack of its own for each processor, and into C#.</summary>
    private static void Start(StubCode s)
    {
        Assembler a = s.Assembler;
        Label other = a.CreateLabel();
        a.clgi();
        a.test(ebx, ebx);
        a.jne(other);
        a.lea(rdi, s.At("SnpZeroedStart"));
        a.lea(rcx, s.At("SnpZeroedEnd"));
        a.sub(rcx, rdi);
        a.shr(rcx, 3);
        a.xor(eax, eax);
        a.rep.stosq();
        a.lea(rsp, s.At("SnpStacks", StackBytes));
        a.xor(ebp, ebp);
        a.call(s.Symbol("SnpLoadFaultTable"));
        a.call(s.Symbol("SnpMachineMain"));
        a.Label(ref other);
        a.mov(eax, 1);
        a.lea(rcx, s.At("SnpApCount"));
        a.@lock.xadd(__dword_ptr[rcx], eax);
        a.inc(eax);
        a.mov(edi, eax);
        a.imul(eax, eax, StackBytes);
        a.lea(rsp, s.At("SnpStacks", StackBytes));
        a.add(rsp, rax);
        a.xor(ebp, ebp);
        a.mov(ebx, edi);
        a.call(s.Symbol("SnpUseFaultTable"));
        a.mov(edi, ebx);
        a.call(s.Symbol("SnpMachineApMain"));
    }
}

using Iced.Intel;
using System;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.SnpMachine;

/// <summary>
/// The machine's own exceptions: an NMI wakes a waiting processor, and anything else is a defect, which C# tells (APM volume 2, 8.2).
/// </summary>
internal static class FaultStubs
{
    private const int Vectors = 32;
    private const int NmiVector = 2;
    private const int EntryBytes = 8;
    private const ushort Code64 = 0x20;
    private const uint InterruptGate = 0x8E00;

    /// <summary>STGI has three bytes: where HLT stands in SnpWaitForNmi.</summary>
    private const int HaltOffset = 3;

    public static void AddTo(StubSet set)
    {
        set.AddZeroed("SnpFaultTable", 16 * Vectors, 16);
        set.AddData("SnpFaultTablePointer", SectionKind.Data, TablePointer(), 8, new Relocation(2, RelocationKind.Absolute64, "SnpFaultTable", 0));
        set.AddCode("SnpLoadFaultTable", LoadTable);
        set.AddCode("SnpUseFaultTable", UseTable);
        set.AddCode("SnpFaultEntries", Entries);
        set.AddCode("SnpNmi", Nmi);
        set.AddCode("SnpWaitForNmi", WaitForNmi);
        set.AddCode("SnpTakeNmi", TakeNmi);
    }

    private static byte[] TablePointer()
    {
        byte[] bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes.AsSpan(0), (ushort)(16 * Vectors - 1));
        return bytes;
    }

    /// <summary>Writes a gate for each vector, then loads the table.</summary>
    private static void LoadTable(StubCode s)
    {
        Assembler a = s.Assembler;
        Label next = a.CreateLabel();
        Label gate = a.CreateLabel();
        a.lea(rdi, s.At("SnpFaultTable"));
        a.lea(rsi, s.At("SnpFaultEntries"));
        a.xor(ecx, ecx);
        a.Label(ref next);
        a.mov(rax, rsi);
        a.cmp(ecx, NmiVector);
        a.jne(gate);
        a.lea(rax, s.At("SnpNmi"));
        a.Label(ref gate);
        a.mov(__word_ptr[rdi], ax);
        a.mov(__word_ptr[rdi + 2], Code64);
        a.mov(__word_ptr[rdi + 4], InterruptGate);
        a.shr(rax, 16);
        a.mov(__word_ptr[rdi + 6], ax);
        a.shr(rax, 16);
        a.mov(__qword_ptr[rdi + 8], rax);
        a.add(rdi, 16);
        a.add(rsi, EntryBytes);
        a.inc(ecx);
        a.cmp(ecx, Vectors);
        a.jb(next);
        a.lidt(s.At("SnpFaultTablePointer"));
        a.ret();
    }

    private static void UseTable(StubCode s)
    {
        s.Assembler.lidt(s.At("SnpFaultTablePointer"));
        s.Assembler.ret();
    }

    /// <summary>PUSH vector; JMP common: eight bytes a vector. The common part calls C#, which does not return.</summary>
    private static void Entries(StubCode s)
    {
        Assembler a = s.Assembler;
        for (int vector = 0; vector < Vectors; vector++)
        {
            int distance = EntryBytes * (Vectors - vector) - 7;
            a.db([0x6A, (byte)vector, 0xE9, (byte)distance, (byte)(distance >> 8), 0, 0, 0x90]);
        }
        a.pop(rdi);
        a.mov(rsi, rsp);
        a.mov(rdx, cr2);
        a.and(rsp, -16);
        a.call(s.Symbol("SnpMachineFault"));
    }

    /// <summary>An NMI that came between STGI and HLT skips the HLT: nothing else would wake the processor.</summary>
    private static void Nmi(StubCode s)
    {
        Assembler a = s.Assembler;
        Label done = a.CreateLabel();
        a.push(rax);
        a.lea(rax, s.At("SnpWaitForNmi", HaltOffset));
        a.cmp(__qword_ptr[rsp + 8], rax);
        a.jne(done);
        a.inc(__qword_ptr[rsp + 8]);
        a.Label(ref done);
        a.pop(rax);
        a.iretq();
    }

    private static void WaitForNmi(StubCode s)
    {
        Assembler a = s.Assembler;
        a.stgi();
        a.hlt();
        a.clgi();
        a.ret();
    }

    private static void TakeNmi(StubCode s)
    {
        Assembler a = s.Assembler;
        a.stgi();
        a.nop();
        a.clgi();
        a.ret();
    }
}

using Iced.Intel;
using System;
using System.Text;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Conformance;

/// <summary>
/// Starts the conformance image: QEMU's PVH loader enters it in 32-bit protected mode without paging
/// (Xen's docs/misc/pvh.pandoc, "Domain start"); it goes to long mode with the first 4 GiB mapped as they are.
/// </summary>
internal static class ConformanceStubs
{
    private const int StackBytes = 256 << 10;
    private const int PageBytes = 4096;
    private const int LargePages = 2048;
    private const uint LargePage = 0x83;
    private const uint Table = 0x03;
    private const uint Cr0ProtectionAndFloat = 0x80000013;
    private const uint Cr4PaeAndSse = 0x620;
    private const uint EferRegister = 0xC0000080;
    private const uint EferLongMode = 0x100;
    private const ushort CodeSelector = 8;
    private const ushort DataSelector = 16;

    public static void AddTo(StubSet set)
    {
        AddNote(set);
        set.AddCode("PvhEntry", Enter32, bitness: 32);
        set.AddCode("PvhEntry64", Enter64);
        set.AddCode("ConformanceOut", Out);
        set.AddCode("ConformanceStackTop", StackTop);

        // Null, 64-bit code, data: APM volume 2, 4.8.
        set.AddData("PvhGdt", SectionKind.Data, Words(0, 0x00AF9B000000FFFF, 0x00CF93000000FFFF), 8);
        set.AddData("PvhGdtPointer", SectionKind.Data, [23, 0, 0, 0, 0, 0], 8, new Relocation(2, RelocationKind.Absolute32, "PvhGdt", 0));
        set.AddZeroed("PvhPageMap", PageBytes, PageBytes);
        set.AddZeroed("PvhPageDirectoryPointers", PageBytes, PageBytes);
        set.AddZeroed("PvhPageDirectories", 4 * PageBytes, PageBytes);
        set.AddZeroed("ConformanceStack", StackBytes, 16);
    }

    private static byte[] Words(params ulong[] words)
    {
        byte[] bytes = new byte[words.Length * 8];
        Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    // XEN_ELFNOTE_PHYS32_ENTRY, 18: the 32-bit entry point. Xen's public/elfnote.h.
    private static void AddNote(StubSet set)
    {
        byte[] note = new byte[20];
        BitConverter.TryWriteBytes(note.AsSpan(0), 4);
        BitConverter.TryWriteBytes(note.AsSpan(4), 4);
        BitConverter.TryWriteBytes(note.AsSpan(8), 18);
        Encoding.ASCII.GetBytes("Xen\0").CopyTo(note.AsSpan(12));
        set.AddData("PvhNote", SectionKind.PvhNote, note, 4, new Relocation(16, RelocationKind.Absolute32, "PvhEntry", 0));
    }

    /// <summary>32-bit code at the PVH entry: page tables, long mode, then PvhEntry64.</summary>
    private static void Enter32(StubCode s)
    {
        Assembler a = s.Assembler;
        Label page = a.CreateLabel();
        a.cli();
        a.mov(esp, (uint)s.Symbol("ConformanceStack") + StackBytes);
        a.mov(eax, (uint)s.Symbol("PvhPageDirectoryPointers") + Table);
        a.mov(__dword_ptr[(uint)s.Symbol("PvhPageMap")], eax);
        a.mov(eax, (uint)s.Symbol("PvhPageDirectories") + Table);
        for (int i = 0; i < 4; i++)
        {
            a.mov(__dword_ptr[(uint)s.Symbol("PvhPageDirectoryPointers") + (i * 8)], eax);
            a.add(eax, PageBytes);
        }

        a.mov(eax, LargePage);
        a.mov(edi, (uint)s.Symbol("PvhPageDirectories"));
        a.mov(ecx, LargePages);
        a.Label(ref page);
        a.mov(__dword_ptr[edi], eax);
        a.add(eax, 2 << 20);
        a.add(edi, 8);
        a.dec(ecx);
        a.jne(page);

        a.mov(eax, Cr4PaeAndSse);
        a.mov(cr4, eax);
        a.mov(eax, (uint)s.Symbol("PvhPageMap"));
        a.mov(cr3, eax);
        a.mov(ecx, EferRegister);
        a.rdmsr();
        a.or(eax, EferLongMode);
        a.wrmsr();
        a.mov(eax, Cr0ProtectionAndFloat);
        a.mov(cr0, eax);
        a.lgdt(__[(uint)s.Symbol("PvhGdtPointer")]);
        a.push(CodeSelector);
        a.push((int)(uint)s.Symbol("PvhEntry64"));
        a.retf();
    }

    /// <summary>64-bit code: data segments, then ConformanceMain, which does not return.</summary>
    private static void Enter64(StubCode s)
    {
        Assembler a = s.Assembler;
        a.mov(eax, DataSelector);
        a.mov(ds, ax);
        a.mov(es, ax);
        a.mov(ss, ax);
        a.lea(rsp, s.At("ConformanceStack", StackBytes));
        a.xor(ebp, ebp);
        a.call(s.Symbol("ConformanceMain"));
        a.hlt();
    }

    /// <summary>Returns the end of the only stack.</summary>
    private static void StackTop(StubCode s)
    {
        s.Assembler.lea(rax, s.At("ConformanceStack", StackBytes));
        s.Assembler.ret();
    }

    /// <summary>Writes the second argument, a byte, to the port in the first.</summary>
    private static void Out(StubCode s)
    {
        Assembler a = s.Assembler;
        a.mov(edx, edi);
        a.mov(eax, esi);
        a.@out(dx, al);
        a.ret();
    }
}

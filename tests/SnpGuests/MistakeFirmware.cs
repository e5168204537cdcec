using System;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.SnpGuests.Tests;

/// <summary>
/// A firmware of 64 KiB that goes to long mode, as an SNP guest does, and then runs the code of a test: the smallest guest that can make a
/// mistake. What it finds there: pages 0x800000 to 0x80FFFF validated by the launch, page tables that map the first gigabyte private, and the
/// second gigabyte's addresses to the same memory shared; interrupt vector 29 ends the guest with the error code.
/// </summary>
internal static class MistakeFirmware
{
    /// <summary>Where the first gigabyte is mapped with the C-bit clear.</summary>
    public const long SharedAlias = 0x4000_0000;

    /// <summary>A validated page that nothing else uses.</summary>
    public const int FreePage = 0x80_8000;

    /// <summary>A shared page that <see cref="UseGhcb"/> registers.</summary>
    public const int Ghcb = 0x1_0000;

    /// <summary>The secrets page.</summary>
    public const int Secrets = 0x80_E000;

    /// <summary>The GHCB MSR.</summary>
    public const int GhcbMsr = unchecked((int)0xC001_0130);

    /// <summary>The interrupt descriptor table.</summary>
    public const uint Idt = 0x80_4000;

    /// <summary>Where the stack starts.</summary>
    public const uint StackTop = 0x80_7000;

    /// <summary>The global descriptor table.</summary>
    public const long GdtBase = Base + GdtOffset;

    /// <summary>The last byte of the table, counted from its start.</summary>
    public const int GdtLimit = 8 * GdtEntries - 1;

    private const int Size = 0x1_0000;
    private const uint Base = 0xFFFF_0000;
    private const int GdtOffset = 0xF000;
    private const int GdtEntries = 7;
    private const int GdtPointerOffset = 0xF040;
    private const int Code16Offset = 0xF100;
    private const int Code32Offset = 0xF200;
    private const int Code64Offset = 0x1000;
    private const int ResetOffset = 0xFFF0;
    private const int MetadataOffset = 0xFE00;
    private const uint Tables = 0x80_0000;
    private const int CBit = 47;

    /// <summary>The image whose 64-bit code is the common start and then <paramref name="mistake"/>.</summary>
    public static byte[] Build(Action<Assembler> mistake)
    {
        byte[] image = new byte[Size];
        ulong[] descriptors = [0, 0, 0x00CF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00AF_9B00_0000_FFFF, 0x00AF_FB00_0000_FFFF, 0x00CF_F300_0000_FFFF];
        Buffer.BlockCopy(descriptors, 0, image, GdtOffset, 8 * GdtEntries);
        BitConverter.TryWriteBytes(image.AsSpan(GdtPointerOffset), (ushort)GdtLimit);
        BitConverter.TryWriteBytes(image.AsSpan(GdtPointerOffset + 2), Base + GdtOffset);
        Place(image, Code16Offset, 16, RealMode);
        Place(image, Code32Offset, 32, ProtectedMode);
        Place(image, Code64Offset, 64, a =>
        {
            LongMode(a);
            mistake(a);
            a.hlt();
        });
        short distance = Code16Offset - (ResetOffset + 3);
        image[ResetOffset] = 0xE9;
        BitConverter.TryWriteBytes(image.AsSpan(ResetOffset + 1), distance);
        WriteMetadata(image);
        return image;
    }

    /// <summary>Registers the GHCB and zeroes it.</summary>
    public static void UseGhcb(Assembler a)
    {
        MsrProtocol(a, Ghcb | 0x012);
        SetGhcbMsr(a, Ghcb);
        a.mov(rdi, Ghcb + SharedAlias);
        a.xor(eax, eax);
        a.mov(ecx, 512);
        a.rep.stosq();
        a.mov(rbx, Ghcb + SharedAlias);
        a.mov(__word_ptr[rbx + 0xFFA], 2);
    }

    /// <summary>Sets a field of the GHCB, whose address is in RBX, and marks it valid.</summary>
    public static void Field(Assembler a, int offset, long value)
    {
        a.mov(rax, value);
        a.mov(__qword_ptr[rbx + offset], rax);
        a.bts(__dword_ptr[rbx + 0x3F0 + offset / 256 * 4], (sbyte)(offset / 8 % 32));
    }

    /// <summary>An event with its three exit fields, then VMGEXIT.</summary>
    public static void Event(Assembler a, long code, long info1 = 0, long info2 = 0)
    {
        Field(a, 0x390, code);
        Field(a, 0x398, info1);
        Field(a, 0x3A0, info2);
        Vmgexit(a);
    }

    /// <summary>A request of the MSR protocol.</summary>
    public static void MsrProtocol(Assembler a, long value)
    {
        SetGhcbMsr(a, value);
        Vmgexit(a);
    }

    public static void SetGhcbMsr(Assembler a, long value)
    {
        a.mov(rdx, value);
        a.mov(eax, edx);
        a.shr(rdx, 32);
        a.mov(ecx, GhcbMsr);
        a.wrmsr();
    }

    public static void Vmgexit(Assembler a) => a.db([0xF3, 0x0F, 0x01, 0xD9]);

    /// <summary>PVALIDATE: the result is in EAX, and carry when nothing changed.</summary>
    public static void Pvalidate(Assembler a, long address, int large, int validate)
    {
        a.mov(rax, address);
        a.mov(ecx, large);
        a.mov(edx, validate);
        a.db([0xF2, 0x0F, 0x01, 0xFF]);
    }

    /// <summary>RMPADJUST: the result is in EAX.</summary>
    public static void Rmpadjust(Assembler a, long address, int large, int attributes)
    {
        a.mov(rax, address);
        a.mov(ecx, large);
        a.mov(edx, attributes);
        a.db([0xF3, 0x0F, 0x01, 0xFE]);
    }

    /// <summary>Ends the guest with a termination request of set 3, which no other software uses: a number for the test.</summary>
    public static void Say(Assembler a, byte number) => MsrProtocol(a, 0x100 | 3 << 12 | (long)number << 16);

    /// <summary>The same with the number in AL.</summary>
    public static void SayAl(Assembler a)
    {
        a.movzx(eax, al);
        a.shl(eax, 16);
        a.or(eax, 0x3100);
        a.xor(edx, edx);
        a.mov(ecx, GhcbMsr);
        a.wrmsr();
        Vmgexit(a);
    }

    private static void RealMode(Assembler a)
    {
        a.cli();
        a.db([0x2E, 0x66, 0x0F, 0x01, 0x16, .. BitConverter.GetBytes((ushort)GdtPointerOffset)]);
        a.mov(eax, cr0);
        a.or(eax, 1);
        a.mov(cr0, eax);
        a.db([0x66, 0xEA, .. BitConverter.GetBytes(Base + Code32Offset), 0x10, 0x00]);
    }

    // Tables: 0x800000 top, 0x801000 pointers, 0x802000 directory of the first gigabyte (private), 0x803000 of the second (the same, shared),
    // 0x805000 directory of the fourth, for the firmware itself.
    private static void ProtectedMode(Assembler a)
    {
        Label next = a.CreateLabel();
        a.mov(ax, 0x18);
        a.mov(ds, ax);
        a.mov(es, ax);
        a.mov(ss, ax);
        const uint high = 1u << (CBit - 32);
        void Entry(uint at, uint low, uint upper)
        {
            a.mov(__dword_ptr[at], low);
            a.mov(__dword_ptr[at + 4], upper);
        }
        Entry(Tables, Tables + 0x1000 + 7, high);
        Entry(Tables + 0x1000, Tables + 0x2000 + 7, high);
        Entry(Tables + 0x1008, Tables + 0x3000 + 7, high);
        Entry(Tables + 0x1018, Tables + 0x5000 + 7, high);
        Entry(Tables + 0x5000 + 8 * 511, 0xFFE0_0087, high);
        Entry(Tables + 0x5000 + 8 * 503, 0xFEE0_0087, 0);
        a.xor(ecx, ecx);
        a.Label(ref next);
        a.mov(eax, ecx);
        a.shl(eax, 21);
        a.or(eax, 0x87);
        a.mov(__dword_ptr[ecx * 8 + Tables + 0x2000], eax);
        a.mov(__dword_ptr[ecx * 8 + Tables + 0x2004], high);
        a.mov(__dword_ptr[ecx * 8 + Tables + 0x3000], eax);
        a.mov(__dword_ptr[ecx * 8 + Tables + 0x3004], 0);
        a.inc(ecx);
        a.cmp(ecx, 512);
        a.jb(next);
        a.mov(eax, 0x620);
        a.mov(cr4, eax);
        a.mov(eax, Tables);
        a.mov(cr3, eax);
        a.mov(ecx, 0xC000_0080);
        a.rdmsr();
        a.or(eax, 0x101);
        a.wrmsr();
        a.mov(eax, cr0);
        a.or(eax, 0x8000_0000);
        a.mov(cr0, eax);
        a.db([0xEA, .. BitConverter.GetBytes(Base + Code64Offset), 0x20, 0x00]);
    }

    // A stack, and a handler for #VC that ends the guest with the low byte of the error code, 0x80 added for 0x404.
    private static void LongMode(Assembler a)
    {
        Label handler = a.CreateLabel();
        Label start = a.CreateLabel();
        Label small = a.CreateLabel();
        a.mov(ax, 0x18);
        a.mov(ss, ax);
        a.mov(esp, StackTop);
        a.jmp(start);
        a.Label(ref handler);
        a.pop(rax);
        a.cmp(eax, 0x404);
        a.jne(small);
        a.mov(al, 0x84);
        a.Label(ref small);
        SayAl(a);
        a.Label(ref start);
        a.lea(rax, __[handler]);
        a.mov(edi, Idt + 16 * 29);
        a.mov(__word_ptr[rdi], ax);
        a.mov(__word_ptr[rdi + 2], 0x20);
        a.mov(__word_ptr[rdi + 4], 0x8E00);
        a.shr(rax, 16);
        a.mov(__word_ptr[rdi + 6], ax);
        a.mov(__qword_ptr[rdi + 8], 0);
        a.sub(rsp, 16);
        a.mov(__word_ptr[rsp], 0xFFF);
        a.mov(eax, Idt);
        a.mov(__qword_ptr[rsp + 2], rax);
        a.lidt(__[rsp]);
    }

    private static void WriteMetadata(byte[] image)
    {
        int end = Size - 32;
        new Guid("96b582de-1fb2-45f7-baea-a366c55a082d").ToByteArray().CopyTo(image, end - 16);
        BitConverter.TryWriteBytes(image.AsSpan(end - 18), (ushort)(18 + 22));
        new Guid("dc886566-984a-4798-a75e-5585a7bf67cc").ToByteArray().CopyTo(image, end - 34);
        BitConverter.TryWriteBytes(image.AsSpan(end - 36), (ushort)22);
        BitConverter.TryWriteBytes(image.AsSpan(end - 40), Size - MetadataOffset);
        uint[] metadata =
        [
            0x5645_5341, 16 + 3 * 12, 1, 3,
            Tables, 0xE000, 1,
            Secrets, 0x1000, 2,
            0x80_F000, 0x1000, 3,
        ];
        Buffer.BlockCopy(metadata, 0, image, MetadataOffset, 4 * metadata.Length);
    }

    private static void Place(byte[] image, int offset, int bitness, Action<Assembler> write)
    {
        Assembler a = new(bitness);
        write(a);
        using MemoryStream stream = new();
        a.Assemble(new StreamCodeWriter(stream), Base + (uint)offset);
        stream.ToArray().CopyTo(image, offset);
    }
}

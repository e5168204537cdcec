using System;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;
using static LiteBox.SnpGuests.Tests.MistakeFirmware;

namespace LiteBox.SnpGuests.Tests;

/// <summary>
/// What an SVSM does to start a guest below it, in its smallest form: VMPL0 gives VMPL1 the firmware's own pages, makes a VMSA whose state is
/// its own at another instruction, has the host take it by AP creation, and runs it.
/// </summary>
internal static class VmplFirmware
{
    /// <summary>The page that becomes the VMSA of VMPL1.</summary>
    public const int Vmsa = FreePage;

    /// <summary>A validated page of VMPL0: VMPL1 may do with it what a test says.</summary>
    public const int Page = 0x80_9000;

    /// <summary>RMPADJUST's permissions, in their places in RDX, for VMPL1.</summary>
    public const int Read = 0x0101;
    public const int ReadWrite = 0x0301;
    public const int All = 0x0F01;
    public const int Nothing = 0x0001;

    private const int VmsaAttribute = 0x1_0001;
    private const int FirstPage = 0x80_0000;
    private const int FirmwarePages = 16;
    private const long FirmwareStart = 0xFFFF_0000;

    /// <summary>
    /// Code of VMPL0 that lets <paramref name="below"/> run at VMPL1 of the CPU with <paramref name="apicId"/>, after <paramref name="before"/>, and goes
    /// on with <paramref name="after"/> when VMPL1 has switched back.
    /// </summary>
    public static void Run(Assembler a, Action<Assembler> before, Action<Assembler> below, Action<Assembler> after, int apicId = 0)
    {
        Label entry = a.CreateLabel();
        // Tables, IDT and stack up to the VMSA, and the code.
        for (int page = FirstPage; page < Vmsa; page += 0x1000)
        {
            Rmpadjust(a, page, 0, All);
        }
        for (int page = 0; page < FirmwarePages; page++)
        {
            Rmpadjust(a, FirmwareStart + 0x1000 * page, 0, All);
        }
        MakeVmsa(a, entry, vmpl: 1);
        before(a);
        UseGhcb(a);
        Field(a, 0x1F8, 1);
        Event(a, 0x8000_0013, (long)apicId << 32 | 1 << 16 | 1, Vmsa);
        if (apicId == 0)
        {
            SwitchTo(a, 1);
            after(a);
        }
        a.hlt();
        a.Label(ref entry);
        below(a);
        a.hlt();
    }

    /// <summary>Goes on at another VMPL of the same CPU, by the MSR protocol.</summary>
    public static void SwitchTo(Assembler a, int vmpl) => MsrProtocol(a, (long)vmpl << 32 | 0x016);

    /// <summary>
    /// Makes <see cref="Vmsa"/> the state of a CPU that starts at a label, all else being as it is here (APM volume 2, table B-4; segments: selector,
    /// attributes, limit, base).
    /// </summary>
    public static void MakeVmsa(Assembler a, Label entry, byte vmpl)
    {
        a.mov(edi, Vmsa);
        a.xor(eax, eax);
        a.mov(ecx, 512);
        a.rep.stosq();
        a.mov(edi, Vmsa);
        void Set(int offset, long value)
        {
            a.mov(rax, value);
            a.mov(__qword_ptr[rdi + offset], rax);
        }
        const long flatData = 0xFFFF_FFFFL << 32 | 0xC93 << 16 | 0x18;
        Set(0x000, flatData);
        Set(0x010, 0xFFFF_FFFFL << 32 | 0xA9B << 16 | 0x20);
        Set(0x020, flatData);
        Set(0x030, flatData);
        Set(0x040, flatData);
        Set(0x050, flatData);
        Set(0x060, (long)GdtLimit << 32);
        Set(0x068, GdtBase);
        Set(0x070, 0x82L << 16);
        Set(0x080, 0xFFFL << 32);
        Set(0x088, Idt);
        Set(0x090, 0xFFFFL << 32 | 0x8BL << 16);
        a.mov(__byte_ptr[rdi + 0x0CA], vmpl);
        Set(0x0D0, 0x1501);
        a.mov(rax, cr4);
        a.mov(__qword_ptr[rdi + 0x148], rax);
        a.mov(rax, cr3);
        a.mov(__qword_ptr[rdi + 0x150], rax);
        a.mov(rax, cr0);
        a.mov(__qword_ptr[rdi + 0x158], rax);
        Set(0x160, 0x400);
        Set(0x168, 0xFFFF_0FF0);
        Set(0x170, 2);
        a.lea(rax, __[entry]);
        a.mov(__qword_ptr[rdi + 0x178], rax);
        Set(0x1D8, StackTop - 0x800);
        Set(0x268, 0x0007_0406_0007_0406);
        Set(0x3B0, 1);
        Set(0x3E8, 1);
        a.mov(__dword_ptr[rdi + 0x408], 0x1F80);
        a.mov(__word_ptr[rdi + 0x410], 0x37F);
        Rmpadjust(a, Vmsa, 0, VmsaAttribute);
    }
}

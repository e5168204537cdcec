using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Iced.Intel;
using LiteBox.Stubs.Kernel;
using LiteBox.SymbolTable;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Tests;

/// <summary>The kernel's entry stubs save some vector registers only, so the build must notice code that writes to another.</summary>
public sealed class VectorCheckTests
{
    private const ulong CodeAddress = 0xFFFF_FFFF_8000_0000;

    public static TheoryData<string, Action<Assembler>, bool> Code => new()
    {
        { "a saved register", code => code.xorps(xmm8, xmm8), true },
        { "a register that is not saved", code => code.xorps(xmm4, xmm4), false },
        { "the same as a source only", code => code.movups(__[rdi], xmm4), true },
        { "an upper half", code => code.vpxor(ymm0, ymm0, ymm0), false },
        { "x87", code => code.fld1(), false },
        { "general registers", code => code.mov(rax, rbx), true },
    };

    [Theory]
    [MemberData(nameof(Code))]
    public void Writes_to_registers_that_are_not_saved_are_found(string what, Action<Assembler> write, bool isFine)
    {
        IReadOnlyList<string> problems = VectorCheck.Problems(Link("Function", write));
        Assert.True(problems.Count == 0 == isFine, $"{what}: {string.Join("; ", problems)}");
    }

    [Fact]
    public void The_stubs_that_save_and_restore_may() => Assert.Empty(VectorCheck.Problems(Link("ReturnToUser", code => code.movaps(xmm15, __[rsp]))));

    [Fact]
    public void Arithmetic_is_found_and_moves_are_not()
    {
        Assert.Single(VectorCheck.Arithmetic(Link("Function", code => code.addsd(xmm0, xmm1))));
        Assert.Single(VectorCheck.Arithmetic(Link("Function", code => code.cvttsd2si(rax, xmm1))));
        Assert.Single(VectorCheck.Arithmetic(Link("Function", code => code.ucomisd(xmm0, xmm1))));
        Assert.Empty(VectorCheck.Arithmetic(Link("Function", code =>
        {
            code.movups(xmm0, __[rdi]);
            code.xorps(xmm8, xmm8);
            code.movsd();
            code.sub(rax, rbx);
            code.pcmpeqb(xmm0, xmm1);
        })));
    }

    [Fact]
    public void The_kernel_that_was_built_calculates_with_integers_only()
    {
        string kernel = Repository.File("out/bin/LiteBox.Kernel/kernel.debug.elf");
        Assert.True(File.Exists(kernel), "The kernel has not been built.");
        Assert.Empty(VectorCheck.Arithmetic(File.ReadAllBytes(kernel)));
    }

    [Theory]
    [InlineData("LiteBox_Cryptography_Aes256__Invert", 2)]
    [InlineData("LiteBox_Cryptography_Aes256__AddRoundKey", 0)]
    [InlineData("Another", 0)]
    public void T73_Looking_up_by_a_register_and_division_are_found(string name, int count) => Assert.Equal(count, ConstantTimeCheck.Problems(Link(name, code =>
    {
        code.movzx(eax, __byte_ptr[rdi + rax]);
        code.lea(rax, __[rax + rcx]);
        code.div(rcx);
    })).Count);

    [Fact]
    public void T73_The_cipher_of_the_kernel_looks_nothing_up()
    {
        byte[] kernel = File.ReadAllBytes(Repository.File("out/bin/LiteBox.Kernel/kernel.debug.elf"));
        Assert.Contains(ElfFunctions.Read(kernel), function => function.Name.EndsWith("Cryptography_Aes256__Invert", StringComparison.Ordinal));
        Assert.Empty(ConstantTimeCheck.Problems(kernel));
    }

    /// <summary>The smallest ELF file with a code segment and a symbol table.</summary>
    private static byte[] Link(string name, Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        assembler.ret();
        using MemoryStream code = new();
        assembler.Assemble(new StreamCodeWriter(code), CodeAddress);

        const int HeaderSize = 64;
        const int SegmentSize = 56;
        const int SectionSize = 64;
        int codeOffset = HeaderSize + SegmentSize;
        int symbolsOffset = codeOffset + (int)code.Length;
        byte[] names = Encoding.ASCII.GetBytes($"\0{name}\0");
        int namesOffset = symbolsOffset + 24;
        int sectionsOffset = namesOffset + names.Length;

        byte[] file = new byte[sectionsOffset + (2 * SectionSize)];
        Put(32, HeaderSize);
        Put(40, (ulong)sectionsOffset);
        file[56] = 1;
        file[60] = 2;
        file[HeaderSize] = 1; // loadable
        file[HeaderSize + 4] = 5; // readable and executable
        Put(HeaderSize + 8, (ulong)codeOffset);
        Put(HeaderSize + 16, CodeAddress);
        Put(HeaderSize + 32, (ulong)code.Length);
        code.ToArray().CopyTo(file, codeOffset);

        file[symbolsOffset] = 1; // the name
        file[symbolsOffset + 4] = 0x12; // a global function
        Put(symbolsOffset + 8, CodeAddress);
        names.CopyTo(file, namesOffset);

        file[sectionsOffset + 4] = 2; // the symbol table
        Put(sectionsOffset + 24, (ulong)symbolsOffset);
        Put(sectionsOffset + 32, 24);
        file[sectionsOffset + 40] = 1; // its names
        Put(sectionsOffset + SectionSize + 24, (ulong)namesOffset);
        Put(sectionsOffset + SectionSize + 32, (ulong)names.Length);
        return file;

        void Put(int offset, ulong value) => BitConverter.TryWriteBytes(file.AsSpan(offset), value);
    }
}

using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Runtime;

/// <summary>
/// <c>new</c>: takes a cell from the free list of its size class. The lists, what is in them and the slow path are those of
/// runtime-shim/LiteBox/Runtime/Collector/FreeLists.cs; the compiler itself would save and restore registers that only the slow path needs.
/// </summary>
internal static class AllocationStubs
{
    // Internal.Runtime.MethodTable: the size of a component, and of the object without components.
    private const int TypeComponentSize = 0;
    private const int TypeBaseSize = 4;

    // From an object's first word: the length of an array.
    private const int ArrayLength = 8;

    // LiteBox.Runtime.SizeClasses: Largest, Count. The table has one byte for each number of 8-byte granules.
    private const int LargestCell = 2048;
    private const int Granule = 8;
    private const int Classes = 23;

    // A list is the address of a free cell's first word, plus one; 0 or 1 if it is empty.
    private const int FreeBit = 1;
    private const int LongestArray = 0x7FFFFFC7;

    public static void AddTo(StubSet set)
    {
        set.AddCode("RhpNewFast", NewObject);
        set.AddCode("RhpNewArrayFast", NewArray);
        set.AddCode("RhpNewPtrArrayFast", NewArray);
        set.AddCode("RhNewString", NewArray);
        set.AddCode("LiteBoxFreeListsAddress", s => ReturnAddress(s, "LiteBoxFreeLists"));
        set.AddCode("LiteBoxClassOfGranulesAddress", s => ReturnAddress(s, "LiteBoxClassOfGranules"));
        set.AddZeroed("LiteBoxFreeLists", Classes * 8, 64);
        set.AddZeroed("LiteBoxClassOfGranules", (LargestCell / Granule) + 1, 64);
    }

    /// <summary>Returns a new object of the type in the first argument. Jumps to LiteBoxNewSlowly if there is no free cell.</summary>
    private static void NewObject(StubCode s)
    {
        Assembler a = s.Assembler;
        AssemblerRegister64 type = s.Convention.Arguments[0];
        Label slow = a.CreateLabel();
        a.mov(eax, __dword_ptr[type + TypeBaseSize]);
        a.cmp(eax, LargestCell);
        a.ja(slow);
        TakeCell(s, slow);
        a.mov(__[r10 - FreeBit], type);
        a.lea(rax, __[r10 - FreeBit]);
        a.ret();
        a.Label(ref slow);
        a.jmp(s.Symbol("LiteBoxNewSlowly"));
    }

    /// <summary>
    /// Returns a new array or string of the type in the first argument with as many components as the second says. Jumps to
    /// LiteBoxNewArraySlowly if there is no free cell, or if the length is bad.
    /// </summary>
    private static void NewArray(StubCode s)
    {
        Assembler a = s.Assembler;
        (AssemblerRegister64 type, AssemblerRegister64 length) = (s.Convention.Arguments[0], s.Convention.Arguments[1]);
        Label slow = a.CreateLabel();
        a.cmp(length, LongestArray);
        a.ja(slow);
        a.movzx(eax, __word_ptr[type + TypeComponentSize]);
        a.imul(rax, length);
        a.mov(r10d, __dword_ptr[type + TypeBaseSize]);
        a.lea(rax, __[rax + r10 + (Granule - 1)]);
        a.cmp(rax, LargestCell + Granule);
        a.jae(slow);
        TakeCell(s, slow);
        a.mov(__[r10 - FreeBit], type);
        a.mov(__dword_ptr[r10 - FreeBit + ArrayLength], length.Lower());
        a.lea(rax, __[r10 - FreeBit]);
        a.ret();
        a.Label(ref slow);
        a.jmp(s.Symbol("LiteBoxNewArraySlowly"));
    }

    // From a number of bytes in RAX to a cell, plus the free bit, in R10. Changes RAX, R9 and R11.
    private static void TakeCell(StubCode s, Label slow)
    {
        Assembler a = s.Assembler;
        a.shr(eax, 3);
        a.lea(r11, s.At("LiteBoxClassOfGranules"));
        a.movzx(eax, __byte_ptr[r11 + rax]);
        a.lea(r11, s.At("LiteBoxFreeLists"));
        a.mov(r10, __[r11 + (rax * 8)]);
        a.cmp(r10, FreeBit);
        a.jbe(slow);
        a.mov(r9, __[r10 - FreeBit]);
        a.mov(__[r11 + (rax * 8)], r9);
    }

    private static void ReturnAddress(StubCode s, string symbol)
    {
        s.Assembler.lea(rax, s.At(symbol));
        s.Assembler.ret();
    }
}

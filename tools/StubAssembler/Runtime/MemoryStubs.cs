using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Runtime;

/// <summary>
/// Blocks of memory moved, filled and compared, with 16-byte moves and no REP: the yardstick counts each repetition as an instruction.
/// They follow the C library's contracts, and use RAX, RCX or R8-R11, XMM0-XMM5 and the argument registers.
/// </summary>
internal static class MemoryStubs
{
    private const int Vector = 16;
    private const int Chunk = 8 * Vector;

    public static void AddTo(StubSet set)
    {
        set.AddCode("memcpy", s => s.Assembler.jmp(s.Symbol("memmove")));
        set.AddCode("memmove", Move);
        set.AddCode("RhSpanHelpers_MemCopy", s => s.Assembler.jmp(s.Symbol("memmove")));
        set.AddCode("RhSpanHelpers_MemSet", s => s.Assembler.jmp(s.Symbol("memset")));
        set.AddCode("RhSpanHelpers_MemZero", Zero);
        set.AddCode("memset", Fill);
        set.AddCode("memcmp", Compare);
    }

    /// <summary><c>void *memmove(void *to, const void *from, size_t length)</c>: the areas may overlap. Returns <c>to</c>.</summary>
    private static void Move(StubCode s)
    {
        Assembler a = s.Assembler;
        (AssemblerRegister64 to, AssemblerRegister64 from, AssemblerRegister64 length) = Arguments(s);
        Label upTo32 = a.CreateLabel();
        Label below16 = a.CreateLabel();
        Label large = a.CreateLabel();
        a.mov(rax, to);
        a.cmp(length, Vector);
        a.jb(below16);
        a.cmp(length, 2 * Vector);
        a.jbe(upTo32);
        a.cmp(length, 4 * Vector);
        a.ja(large);

        // 33 to 64 bytes: two vectors from each end. All is read before anything is written, so overlap does no harm.
        a.movups(xmm0, __[from]);
        a.movups(xmm1, __[from + Vector]);
        a.movups(xmm2, __[from + length - (2 * Vector)]);
        a.movups(xmm3, __[from + length - Vector]);
        a.movups(__[to], xmm0);
        a.movups(__[to + Vector], xmm1);
        a.movups(__[to + length - (2 * Vector)], xmm2);
        a.movups(__[to + length - Vector], xmm3);
        a.ret();

        a.Label(ref upTo32);
        a.movups(xmm0, __[from]);
        a.movups(xmm1, __[from + length - Vector]);
        a.movups(__[to], xmm0);
        a.movups(__[to + length - Vector], xmm1);
        a.ret();

        a.Label(ref below16);
        MoveBelow16(a, to, from, length);

        a.Label(ref large);
        MoveLarge(a, to, from, length);
    }

    private static void MoveBelow16(Assembler a, AssemblerRegister64 to, AssemblerRegister64 from, AssemblerRegister64 length)
    {
        Label below8 = a.CreateLabel();
        Label below4 = a.CreateLabel();
        Label below2 = a.CreateLabel();
        Label nothing = a.CreateLabel();
        a.cmp(length, 8);
        a.jb(below8);
        a.mov(r10, __[from]);
        a.mov(r11, __[from + length - 8]);
        a.mov(__[to], r10);
        a.mov(__[to + length - 8], r11);
        a.ret();

        a.Label(ref below8);
        a.cmp(length, 4);
        a.jb(below4);
        a.mov(r10d, __[from]);
        a.mov(r11d, __[from + length - 4]);
        a.mov(__[to], r10d);
        a.mov(__[to + length - 4], r11d);
        a.ret();

        a.Label(ref below4);
        a.cmp(length, 2);
        a.jb(below2);
        a.movzx(r10d, __word_ptr[from]);
        a.movzx(r11d, __word_ptr[from + length - 2]);
        a.mov(__[to], r10w);
        a.mov(__[to + length - 2], r11w);
        a.ret();

        a.Label(ref below2);
        a.test(length, length);
        a.je(nothing);
        a.movzx(r10d, __byte_ptr[from]);
        a.mov(__[to], r10b);
        a.Label(ref nothing);
        a.ret();
    }

    private static void MoveLarge(Assembler a, AssemblerRegister64 to, AssemblerRegister64 from, AssemblerRegister64 length)
    {
        Label backward = a.CreateLabel();

        // Forward destroys what it has yet to read only if "to" lies within the source.
        a.mov(r10, to);
        a.sub(r10, from);
        a.cmp(r10, length);
        a.jb(backward);

        // The last vector is read first and written last, so that the loops need not care for the remainder.
        a.movups(xmm5, __[from + length - Vector]);
        a.lea(r11, __[to + length - Vector]);
        MoveChunks(a, to, from, length, forward: true);
        a.movups(__[r11], xmm5);
        a.ret();

        a.Label(ref backward);
        a.movups(xmm5, __[from]);
        a.mov(r11, to);
        a.add(from, length);
        a.add(to, length);
        MoveChunks(a, to, from, length, forward: false);
        a.movups(__[r11], xmm5);
        a.ret();
    }

    // Moves all but the last 0-15 bytes. Backward, the pointers are at the ends and go down.
    private static void MoveChunks(Assembler a, AssemblerRegister64 to, AssemblerRegister64 from, AssemblerRegister64 length, bool forward)
    {
        Label chunk = a.CreateLabel();
        Label rest = a.CreateLabel();
        a.sub(length, Chunk);
        a.jb(rest);
        a.Label(ref chunk);
        MoveVectors(a, to, from, 0, 4, forward);
        MoveVectors(a, to, from, 4, 4, forward);
        Advance(a, to, from, Chunk, forward);
        a.sub(length, Chunk);
        a.jae(chunk);
        a.Label(ref rest);
        for (int vectors = 4; vectors >= 1; vectors /= 2)
        {
            Label less = a.CreateLabel();
            a.test(length.Lower(), vectors * Vector);
            a.je(less);
            MoveVectors(a, to, from, 0, vectors, forward);
            Advance(a, to, from, vectors * Vector, forward);
            a.Label(ref less);
        }

        a.nop();
    }

    private static void MoveVectors(Assembler a, AssemblerRegister64 to, AssemblerRegister64 from, int first, int count, bool forward)
    {
        for (int i = 0; i < count; i++)
        {
            a.movups(Vectors.All[i], __[from + Place(first + i, forward)]);
        }

        for (int i = 0; i < count; i++)
        {
            a.movups(__[to + Place(first + i, forward)], Vectors.All[i]);
        }
    }

    private static int Place(int vector, bool forward) => forward ? vector * Vector : -(vector + 1) * Vector;

    private static void Advance(Assembler a, AssemblerRegister64 to, AssemblerRegister64 from, int bytes, bool forward)
    {
        a.lea(from, __[from + (forward ? bytes : -bytes)]);
        a.lea(to, __[to + (forward ? bytes : -bytes)]);
    }

    /// <summary><c>void *memset(void *to, int value, size_t length)</c>: fills with the value's low byte. Returns <c>to</c>.</summary>
    private static void Fill(StubCode s)
    {
        Assembler a = s.Assembler;
        (AssemblerRegister64 to, AssemblerRegister64 value, AssemblerRegister64 length) = Arguments(s);
        Label below16 = a.CreateLabel();
        Label chunk = a.CreateLabel();
        Label rest = a.CreateLabel();
        a.mov(rax, to);
        a.movzx(r10d, value.LowByte());
        a.mov(r11, 0x0101010101010101);
        a.imul(r10, r11);
        a.cmp(length, Vector);
        a.jb(below16);
        a.movq(xmm0, r10);
        a.punpcklqdq(xmm0, xmm0);
        a.movups(__[to + length - Vector], xmm0);
        a.sub(length, Chunk);
        a.jb(rest);
        a.Label(ref chunk);
        FillVectors(a, to, 8);
        a.sub(length, Chunk);
        a.jae(chunk);
        a.Label(ref rest);
        for (int vectors = 4; vectors >= 1; vectors /= 2)
        {
            Label less = a.CreateLabel();
            a.test(length.Lower(), vectors * Vector);
            a.je(less);
            FillVectors(a, to, vectors);
            a.Label(ref less);
        }

        a.ret();

        a.Label(ref below16);
        FillBelow16(a, to, length);
    }

    /// <summary><c>void RhSpanHelpers_MemZero(void *to, size_t length)</c>, as the compiler names it.</summary>
    private static void Zero(StubCode s)
    {
        Assembler a = s.Assembler;
        (_, AssemblerRegister64 length, AssemblerRegister64 memsetLength) = Arguments(s);
        a.mov(memsetLength, length);
        a.mov(length, 0);
        a.jmp(s.Symbol("memset"));
    }

    private static void FillVectors(Assembler a, AssemblerRegister64 to, int count)
    {
        for (int i = 0; i < count; i++)
        {
            a.movups(__[to + (i * Vector)], xmm0);
        }

        a.lea(to, __[to + (count * Vector)]);
    }

    private static void FillBelow16(Assembler a, AssemblerRegister64 to, AssemblerRegister64 length)
    {
        Label below8 = a.CreateLabel();
        Label below4 = a.CreateLabel();
        Label below2 = a.CreateLabel();
        Label nothing = a.CreateLabel();
        a.cmp(length, 8);
        a.jb(below8);
        a.mov(__[to], r10);
        a.mov(__[to + length - 8], r10);
        a.ret();

        a.Label(ref below8);
        a.cmp(length, 4);
        a.jb(below4);
        a.mov(__[to], r10d);
        a.mov(__[to + length - 4], r10d);
        a.ret();

        a.Label(ref below4);
        a.cmp(length, 2);
        a.jb(below2);
        a.mov(__[to], r10w);
        a.mov(__[to + length - 2], r10w);
        a.ret();

        a.Label(ref below2);
        a.test(length, length);
        a.je(nothing);
        a.mov(__[to], r10b);
        a.Label(ref nothing);
        a.ret();
    }

    /// <summary>
    /// <c>int memcmp(const void *left, const void *right, size_t length)</c>: negative, zero or positive, by the first bytes that differ.
    /// </summary>
    private static void Compare(StubCode s)
    {
        Assembler a = s.Assembler;
        (AssemblerRegister64 left, AssemblerRegister64 right, AssemblerRegister64 length) = Arguments(s);
        Label vector = a.CreateLabel();
        Label differs = a.CreateLabel();
        Label tail = a.CreateLabel();
        Label oneByte = a.CreateLabel();
        Label equal = a.CreateLabel();
        a.sub(length, Vector);
        a.jb(tail);
        a.Label(ref vector);
        a.movups(xmm0, __[left]);
        a.movups(xmm1, __[right]);
        a.pcmpeqb(xmm0, xmm1);
        a.pmovmskb(eax, xmm0);
        a.xor(eax, 0xFFFF);
        a.jne(differs);
        a.add(left, Vector);
        a.add(right, Vector);
        a.sub(length, Vector);
        a.jae(vector);

        a.Label(ref tail);
        a.xor(eax, eax);
        a.add(length, Vector);
        a.je(equal);
        a.Label(ref oneByte);
        a.movzx(eax, __byte_ptr[left]);
        a.movzx(r10d, __byte_ptr[right]);
        a.sub(eax, r10d);
        a.jne(equal);
        a.inc(left);
        a.inc(right);
        a.dec(length);
        a.jne(oneByte);
        a.Label(ref equal);
        a.ret();

        a.Label(ref differs);
        a.bsf(r10d, eax);
        a.movzx(eax, __byte_ptr[left + r10]);
        a.movzx(r11d, __byte_ptr[right + r10]);
        a.sub(eax, r11d);
        a.ret();
    }

    private static (AssemblerRegister64 First, AssemblerRegister64 Second, AssemblerRegister64 Third) Arguments(StubCode s) =>
        (s.Convention.Arguments[0], s.Convention.Arguments[1], s.Convention.Arguments[2]);
}

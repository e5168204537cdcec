using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Runtime;

/// <summary>
/// Calls of interface methods. The call site has put the address of its cell into R11 and calls through the cell's first word; the second
/// word is what the site has learned. The rest is in runtime-shim/Internal/Runtime/DispatchCache.cs.
/// </summary>
internal static class DispatchStubs
{
    // Internal.Runtime.DispatchCell: Code, Cache.
    private const int CellCache = 8;

    // Internal.Runtime.DispatchEntry: Type, Code, Next.
    private const int EntryType = 0;
    private const int EntryCode = 8;
    private const int EntryNext = 16;

    public static void AddTo(StubSet set)
    {
        set.AddCode("RhpInitialDynamicInterfaceDispatch", Resolve);
        set.AddCode("LiteBoxCachedDispatch", CachedDispatch);
        set.AddCode("LiteBoxCachedDispatchAddress", CachedDispatchAddress);
    }

    /// <summary>
    /// A cell that has learned something: walks its entries for the type of the object (first argument) and jumps to the method.
    /// A site that sees one type pays five instructions. May change RAX and R10.
    /// </summary>
    private static void CachedDispatch(StubCode s)
    {
        Assembler a = s.Assembler;
        Label next = a.CreateLabel();
        Label other = a.CreateLabel();
        a.mov(rax, __[s.Convention.Arguments[0]]);
        a.mov(r10, __[r11 + CellCache]);
        a.Label(ref next);
        a.cmp(__[r10 + EntryType], rax);
        a.jne(other);
        a.jmp(__qword_ptr[r10 + EntryCode]);
        a.Label(ref other);
        a.mov(r10, __[r10 + EntryNext]);
        a.test(r10, r10);
        a.jne(next);
        a.jmp(s.Symbol("RhpInitialDynamicInterfaceDispatch"));
    }

    /// <summary>
    /// A cell that knows nothing of this type: asks LiteBoxResolveDispatch(type, cell) for the code and jumps there with all arguments as
    /// they were.
    /// </summary>
    private static void Resolve(StubCode s)
    {
        Assembler a = s.Assembler;
        AssemblerRegister64[] arguments = s.Convention.Arguments;
        foreach (AssemblerRegister64 argument in arguments)
        {
            a.push(argument);
        }

        // With the return address, an odd number of words lies on the stack in both conventions.
        int vectors = s.Convention.VectorArguments * 16;
        int frame = s.Convention.ShadowBytes + vectors + 8;
        a.sub(rsp, frame);
        for (int i = 0; i < s.Convention.VectorArguments; i++)
        {
            a.movups(__[rsp + (s.Convention.ShadowBytes + (i * 16))], Vectors.All[i]);
        }

        a.mov(s.Convention.Arguments[0], __[s.Convention.Arguments[0]]);
        a.mov(s.Convention.Arguments[1], r11);
        a.call(s.Symbol("LiteBoxResolveDispatch"));
        for (int i = 0; i < s.Convention.VectorArguments; i++)
        {
            a.movups(Vectors.All[i], __[rsp + (s.Convention.ShadowBytes + (i * 16))]);
        }

        a.add(rsp, frame);
        for (int i = arguments.Length - 1; i >= 0; i--)
        {
            a.pop(arguments[i]);
        }

        a.jmp(rax);
    }

    /// <summary>Returns the address of LiteBoxCachedDispatch, which C# cannot take.</summary>
    private static void CachedDispatchAddress(StubCode s)
    {
        s.Assembler.lea(rax, s.At("LiteBoxCachedDispatch"));
        s.Assembler.ret();
    }
}

using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Runtime;

/// <summary>
/// Stores of references. Compiled code calls these for the sake of collectors that must know of stores; ours does not, so they only store.
/// </summary>
internal static class ReferenceStubs
{
    public static void AddTo(StubSet set)
    {
        set.AddCode("RhpAssignRef", AssignRef);
        set.AddCode("RhpCheckedAssignRef", AssignRef);
        set.AddCode("RhpByRefAssignRef", ByRefAssignRef);
    }

    /// <summary>Stores the second argument, a reference, at the address in the first. Changes no register.</summary>
    private static void AssignRef(StubCode s)
    {
        Assembler a = s.Assembler;
        a.mov(__[s.Convention.Arguments[0]], s.Convention.Arguments[1]);
        a.ret();
    }

    /// <summary>Copies a reference from [RSI] to [RDI], in both conventions, and moves both on by 8. May change RAX and RCX.</summary>
    private static void ByRefAssignRef(StubCode s)
    {
        Assembler a = s.Assembler;
        a.mov(rax, __[rsi]);
        a.mov(__[rdi], rax);
        a.add(rdi, 8);
        a.add(rsi, 8);
        a.ret();
    }
}

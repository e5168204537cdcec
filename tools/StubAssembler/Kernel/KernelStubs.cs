using System;
using Iced.Intel;

namespace LiteBox.Stubs.Kernel;

/// <summary>The stubs of the kernel: what South's Instruction class declares, and where the processor enters the kernel.</summary>
internal static class KernelStubs
{
    public static void AddTo(StubSet set)
    {
        EntryStubs.AddTo(set);
        UserAccessStubs.AddTo(set);
        PortStubs.AddTo(set);
        RegisterStubs.AddTo(set);
        ProcessorStubs.AddTo(set);
        SnpStubs.AddTo(set);
        StubAddressTable.AddTo(set);
    }

    /// <summary>Adds a function that refers to nothing elsewhere.</summary>
    public static void Add(StubSet set, string symbol, Action<Assembler> write) => set.AddCode(symbol, s => write(s.Assembler));
}

using LiteBox.Stubs.Boot;
using LiteBox.Stubs.Conformance;
using LiteBox.Stubs.Kernel;
using LiteBox.Stubs.Runtime;
using LiteBox.Stubs.SnpMachine;
using System;

namespace LiteBox.Stubs;

/// <summary>Which stubs go into which image.</summary>
public static class StubSets
{
    /// <summary>The names of all sets.</summary>
    public static readonly string[] Names = ["kernel", "boot", "snpmachine", "conformance"];

    /// <summary>The stubs of one image.</summary>
    public static StubSet Named(string name)
    {
        StubSet set = new(name == "boot" ? CallingConvention.Windows : CallingConvention.SystemV);
        MemoryStubs.AddTo(set);
        AllocationStubs.AddTo(set);
        ReferenceStubs.AddTo(set);
        DispatchStubs.AddTo(set);
        RuntimeStubs.AddTo(set);
        switch (name)
        {
            case "kernel":
                KernelStubs.AddTo(set);
                break;
            case "boot":
                BootStubs.AddTo(set);
                break;
            case "snpmachine":
                SnpMachineStubs.AddTo(set);
                break;
            case "conformance":
                ConformanceStubs.AddTo(set);
                break;
            default:
                throw new ArgumentException($"There is no set of stubs called {name}.");
        }

        return set;
    }
}

using LiteBox.Runtime;
using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LiteBox.Conformance;

/// <summary>The smallest machine: a serial port, memory, and a way to end.</summary>
// SAFETY (all members): function pointers are those of this file's own methods; ports are the test devices'.
internal static unsafe class Machine
{
    private const ushort DebugConsolePort = 0xE9;
    private const ushort ExitPort = 0xF4;

    /// <summary>The stub calls this with paging, SSE and a stack, and nothing else.</summary>
    [UnmanagedCallersOnly(EntryPoint = "ConformanceMain")]
    private static void Main()
    {
        FailFast.SetHook(&Stop);
        MemoryPool.Grow(256 << 10);
        Heap.SetRegionSource(&MemoryPool.Grow, &MemoryPool.Release);
        Heap.SetBlockSource(&MemoryPool.Supply, &MemoryPool.Withdraw);
        RuntimeHost.Initialize();
        Heap.SetStackEnumerator(&EnumerateStacks);
        Runner.Run();
        Exit(0);
    }

    internal static void Write(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            WritePort(DebugConsolePort, (byte)c);
        }
    }

    /// <summary>Ends QEMU with status 2 * code + 1 (its isa-debug-exit device).</summary>
    internal static void Exit(byte code) => WritePort(ExitPort, code);

    /// <summary>Makes the compiler believe that something is needed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Use(ReadOnlySpan<byte> bytes)
    {
    }

    private static void EnumerateStacks(nuint stackPointer, delegate*<nuint, nuint, void> scan) => scan(stackPointer, StackTop());

    private static void Stop(string reason, string? detail)
    {
        Write("STOP ");
        Write(reason);
        Write(": ");
        Write(detail);
        Write("\n");
        Exit(0x7F);
    }

    [RuntimeImport("ConformanceStackTop"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern nuint StackTop();

    [RuntimeImport("ConformanceOut"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void WritePort(ushort port, byte value);
}

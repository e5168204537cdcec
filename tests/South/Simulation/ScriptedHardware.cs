using System;
using System.Collections.Generic;
using LiteBox.Platform;
using LiteBox.South.Hardware;

namespace LiteBox.South.Tests.Simulation;

/// <summary>Hardware whose answers a test scripts; what is not scripted fails the test.</summary>
internal class ScriptedHardware : HardwareAccess
{
    /// <summary>CPUID by leaf and sub-leaf; zeros for others.</summary>
    public Dictionary<(uint Leaf, uint Subleaf), CpuidResult> CpuidLeaves { get; } = [];

    /// <summary>Answers 8-bit port reads.</summary>
    public Func<ushort, byte> OnRead { get; set; } = port => throw new InvalidOperationException($"Port {port:x} was read.");

    /// <summary>Takes 8-bit port writes.</summary>
    public Action<ushort, byte> OnWrite { get; set; } = (port, value) => throw new InvalidOperationException($"Port {port:x} was written.");

    internal override byte ReadPort8(ushort port) => OnRead(port);

    internal override void WritePort8(ushort port, byte value) => OnWrite(port, value);

    internal override ushort ReadPort16(ushort port) => throw new InvalidOperationException();

    internal override void WritePort16(ushort port, ushort value) => throw new InvalidOperationException();

    internal override uint ReadPort32(ushort port) => throw new InvalidOperationException();

    internal override void WritePort32(ushort port, uint value) => throw new InvalidOperationException();

    internal override ulong ReadMsr(uint register) => throw new InvalidOperationException();

    internal override void WriteMsr(uint register, ulong value) => throw new InvalidOperationException();

    internal override uint ReadDevice32(ulong physicalAddress) => throw new InvalidOperationException();

    internal override void WriteDevice32(ulong physicalAddress, uint value) => throw new InvalidOperationException();

    internal override bool TryOpenDevice(ulong physicalAddress) => throw new InvalidOperationException();

    internal override CpuidResult Cpuid(uint leaf, uint subleaf) => CpuidLeaves.GetValueOrDefault((leaf, subleaf));
}

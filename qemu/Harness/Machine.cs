using System.Collections.Generic;

namespace LiteBox.Qemu;

/// <summary>
/// The computer that QEMU plays: a plain one, the software SNP machine, or real SNP hardware. Everything else about a virtual machine
/// (<see cref="VirtualMachineOptions"/>) is said in the same way for each of them.
/// </summary>
public abstract record Machine
{
    /// <summary>What people call it.</summary>
    public abstract string Description { get; }

    /// <summary>The options for chip set, accelerator, processors, memory and firmware. Boot source, devices and console are not its business.</summary>
    public abstract IEnumerable<string> Arguments(VirtualMachineOptions options);
}

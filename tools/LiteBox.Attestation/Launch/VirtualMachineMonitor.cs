namespace LiteBox.Attestation;

/// <summary>Who launches the guest. Each sets other initial registers, and two of them changed theirs.</summary>
public enum VirtualMachineMonitor
{
    /// <summary>QEMU on a host with KVM_SEV_INIT2, Linux 6.10 and later.</summary>
    Qemu,

    /// <summary>QEMU on a host before that: MXCSR and FCW are zero.</summary>
    QemuBeforeInit2,

    /// <summary>Amazon EC2 today.</summary>
    Ec2,

    /// <summary>Amazon EC2 before 2026: RDX is zero.</summary>
    Ec2Before2026,

    /// <summary>Google Compute Engine.</summary>
    Gce,
}

/// <summary>Names of the monitors on the command line.</summary>
public static class VirtualMachineMonitors
{
    private static readonly (string Name, VirtualMachineMonitor Monitor)[] Names =
    [
        ("QEMU", VirtualMachineMonitor.Qemu),
        ("QEMU-before-6.10", VirtualMachineMonitor.QemuBeforeInit2),
        ("ec2", VirtualMachineMonitor.Ec2),
        ("ec2-before-2026", VirtualMachineMonitor.Ec2Before2026),
        ("gce", VirtualMachineMonitor.Gce),
    ];

    /// <summary>The names, those of sev-snp-measure where it has them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Select(entry => entry.Name)];

    /// <summary>Finds a monitor by name; upper and lower case are one.</summary>
    public static VirtualMachineMonitor? Find(string name)
    {
        foreach (var entry in Names)
        {
            if (string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return entry.Monitor;
            }
        }

        return null;
    }

    /// <summary>Whether the monitor is one of EC2's.</summary>
    internal static bool IsEc2(this VirtualMachineMonitor monitor) =>
        monitor is VirtualMachineMonitor.Ec2 or VirtualMachineMonitor.Ec2Before2026;
}

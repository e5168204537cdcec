using System;

namespace LiteBox.SnpMachine.Host;

/// <summary>Hypervisor features of the GHCB protocol (56421, table 7).</summary>
[Flags]
internal enum HostFeatureBits : ulong
{
    Snp = 1 << 0,
    ApCreation = 1 << 1,
    RestrictedInjection = 1 << 2,
    RestrictedInjectionTimer = 1 << 3,
    ApicIdList = 1 << 4,
    MultipleVmpls = 1 << 5,
}

/// <summary>What this host offers.</summary>
internal static class HostFeatures
{
    public const HostFeatureBits Offered =
        HostFeatureBits.Snp | HostFeatureBits.ApCreation | HostFeatureBits.ApicIdList | HostFeatureBits.MultipleVmpls;
}

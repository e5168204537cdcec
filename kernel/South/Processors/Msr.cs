namespace LiteBox.South.Processors;

/// <summary>Model-specific registers (APM volume 2, appendix A).</summary>
internal static class Msr
{
    internal const uint ApicBase = 0x1B;

    /// <summary>The time-stamp counter value at which the local APIC's timer fires (TSC-deadline mode).</summary>
    internal const uint TscDeadline = 0x6E0;

    /// <summary>x2APIC registers: this plus the xAPIC offset divided by 16 (APM volume 2, 16.11).</summary>
    internal const uint X2ApicBase = 0x800;

    internal const uint ExtendedFeatures = 0xC000_0080;
    internal const uint SystemCallTargets = 0xC000_0081;
    internal const uint SystemCallEntry = 0xC000_0082;
    internal const uint SystemCallFlagMask = 0xC000_0084;
    internal const uint GsBase = 0xC000_0101;
    internal const uint KernelGsBase = 0xC000_0102;
}

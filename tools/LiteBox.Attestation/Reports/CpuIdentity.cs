using System.Globalization;

namespace LiteBox.Attestation;

/// <summary>The processor that a report of version 3 or later names (CPUID_FAM_ID, CPUID_MOD_ID, CPUID_STEP).</summary>
/// <param name="Family">Extended and base family added, for example 0x19.</param>
/// <param name="Model">Extended and base model.</param>
/// <param name="Stepping">The stepping.</param>
public readonly record struct CpuIdentity(byte Family, byte Model, byte Stepping)
{
    /// <summary>
    /// The product whose certificates sign for this processor; null for a processor that AMD has published no SNP roots for.
    /// Models A0h-AFh of family 19h (Bergamo, Siena) are "Genoa" for the key distribution service.
    /// </summary>
    public SnpProduct? Product => (Family, Model) switch
    {
        (0x19, <= 0x0F) => SnpProduct.Milan,
        (0x19, >= 0x10 and <= 0x1F) => SnpProduct.Genoa,
        (0x19, >= 0xA0 and <= 0xAF) => SnpProduct.Genoa,
        (0x1A, <= 0x11) => SnpProduct.Turin,
        _ => null,
    };

    /// <summary>Family, model and stepping in hexadecimal, for example "19/a0/02".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Family:x2}/{Model:x2}/{Stepping:x2}");
}

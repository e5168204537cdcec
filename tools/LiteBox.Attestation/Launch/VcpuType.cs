namespace LiteBox.Attestation;

/// <summary>QEMU's processor models and the CPUID signature (leaf 1, EAX) that each gives the guest.</summary>
public static class VcpuType
{
    private static readonly (string Name, uint Signature)[] Models =
    [
        ("EPYC", 0x800F12), ("EPYC-v1", 0x800F12), ("EPYC-v2", 0x800F12), ("EPYC-IBPB", 0x800F12), ("EPYC-v3", 0x800F12),
            ("EPYC-v4", 0x800F12),
        ("EPYC-Rome", 0x830F10), ("EPYC-Rome-v1", 0x830F10), ("EPYC-Rome-v2", 0x830F10), ("EPYC-Rome-v3", 0x830F10),
            ("EPYC-Rome-v4", 0x830F10),
        ("EPYC-Milan", 0xA00F11), ("EPYC-Milan-v1", 0xA00F11), ("EPYC-Milan-v2", 0xA00F11),
        ("EPYC-Genoa", 0xA10F10), ("EPYC-Genoa-v1", 0xA10F10), ("EPYC-Genoa-v2", 0xA10F10),
        ("EPYC-Turin", 0xB00F00), ("EPYC-Turin-v1", 0xB00F00),
    ];

    /// <summary>The names in QEMU's spelling.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Models.Select(model => model.Name)];

    /// <summary>The signature of a model by its exact name; null when there is none.</summary>
    public static uint? FindSignature(string name)
    {
        foreach (var model in Models)
        {
            if (model.Name == name)
            {
                return model.Signature;
            }
        }

        return null;
    }

    /// <summary>Puts a signature together from family, model and stepping (25481, Fn0000_0001_EAX).</summary>
    public static uint Signature(uint family, uint model, uint stepping)
    {
        var low = Math.Min(family, 0xF);
        return ((family - low) << 20) | ((model >> 4) << 16) | (low << 8) | ((model & 0xF) << 4) | (stepping & 0xF);
    }
}

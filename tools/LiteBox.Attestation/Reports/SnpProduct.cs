namespace LiteBox.Attestation;

/// <summary>A processor generation as AMD's key distribution service names it. Bergamo and Siena belong to <see cref="Genoa"/>.</summary>
public enum SnpProduct
{
    /// <summary>EPYC 7003: family 19h, models 00h-0Fh.</summary>
    Milan,

    /// <summary>EPYC 9004 and 8004: family 19h, models 10h-1Fh and A0h-AFh.</summary>
    Genoa,

    /// <summary>EPYC 9005: family 1Ah, models 00h-11h.</summary>
    Turin,
}

/// <summary>What follows from the generation.</summary>
public static class SnpProducts
{
    /// <summary>Every product there is.</summary>
    public static IReadOnlyList<SnpProduct> All { get; } = [SnpProduct.Milan, SnpProduct.Genoa, SnpProduct.Turin];

    /// <summary>The name in the key distribution service's URLs and in the common names of AMD's certificates.</summary>
    public static string Name(this SnpProduct product) => product switch
    {
        SnpProduct.Milan => "Milan",
        SnpProduct.Genoa => "Genoa",
        _ => "Turin",
    };

    /// <summary>How many bytes of CHIP_ID and of a VCEK's hardware id the generation uses: 8 on Turin, else 64.</summary>
    public static int ChipIdLength(this SnpProduct product) => product == SnpProduct.Turin ? 8 : 64;

    /// <summary>How TCB_VERSION is laid out on the generation (57230, TCB_VERSION).</summary>
    public static TcbLayout TcbLayout(this SnpProduct product) =>
        product == SnpProduct.Turin ? Attestation.TcbLayout.Family1Ah : Attestation.TcbLayout.Family19h;

    /// <summary>Finds a product by its exact name; null when there is none of that name.</summary>
    /// <param name="name">Upper and lower case are one.</param>
    public static SnpProduct? Find(ReadOnlySpan<char> name)
    {
        foreach (var product in All)
        {
            if (name.Equals(product.Name(), StringComparison.OrdinalIgnoreCase))
            {
                return product;
            }
        }

        return null;
    }
}

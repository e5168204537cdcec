using System.Formats.Asn1;

namespace LiteBox.Attestation;

/// <summary>Writes the extensions of certificates as AMD writes them (57230), in AMD's order.</summary>
public static class AmdExtensions
{
    /// <summary>The extensions of a VCEK.</summary>
    /// <param name="product">The product; Turin has fmcSPL, structVersion 1 and a chip id of 8 bytes.</param>
    /// <param name="tcb">The TCB the key is bound to.</param>
    /// <param name="hardwareId">The chip.</param>
    public static IReadOnlyList<(string Identifier, bool Critical, byte[] Value)> Vcek(SnpProduct product, TcbComponents tcb,
        ReadOnlySpan<byte> hardwareId) =>
        [.. Common(product, product == SnpProduct.Milan ? "Milan-B0" : product.Name(), tcb),
            (ObjectIdentifiers.HardwareId, false, hardwareId.ToArray())];

    /// <summary>The extensions of a VLEK.</summary>
    /// <param name="product">The product.</param>
    /// <param name="tcb">The TCB the key is bound to.</param>
    /// <param name="provider">CSP_ID.</param>
    public static IReadOnlyList<(string Identifier, bool Critical, byte[] Value)> Vlek(SnpProduct product, TcbComponents tcb,
        string provider) =>
        [.. Common(product, product.Name(), tcb), (ObjectIdentifiers.ProviderId, false, DerWriting.Text(provider))];

    /// <summary>basicConstraints and keyUsage of an authority.</summary>
    /// <param name="pathLength">How many authorities may follow; null for no limit.</param>
    public static IReadOnlyList<(string Identifier, bool Critical, byte[] Value)> Authority(int? pathLength)
    {
        var constraints = new AsnWriter(AsnEncodingRules.DER);
        using (constraints.PushSequence())
        {
            constraints.WriteBoolean(true);
            if (pathLength is { } length)
            {
                constraints.WriteInteger(length);
            }
        }

        var usage = new AsnWriter(AsnEncodingRules.DER);
        usage.WriteNamedBitList(pathLength is null ? X509KeyUsage.CertificateSigning | X509KeyUsage.RevocationListSigning
            : X509KeyUsage.CertificateSigning);
        return [(ObjectIdentifiers.KeyUsage, true, usage.Encode()), (ObjectIdentifiers.BasicConstraints, true, constraints.Encode())];
    }

    private static List<(string Identifier, bool Critical, byte[] Value)> Common(SnpProduct product, string productName, TcbComponents tcb)
    {
        var turin = product == SnpProduct.Turin;
        var extensions = new List<(string Identifier, bool Critical, byte[] Value)>
        {
            (ObjectIdentifiers.StructVersion, false, DerWriting.Integer(turin ? 1 : 0)),
            (ObjectIdentifiers.ProductName, false, DerWriting.Text(productName)),
        };
        if (tcb.Fmc is { } fmc)
        {
            extensions.Add((ObjectIdentifiers.FmcLevel, false, DerWriting.Integer(fmc)));
        }

        extensions.Add((ObjectIdentifiers.BootLoaderLevel, false, DerWriting.Integer(tcb.BootLoader)));
        extensions.Add((ObjectIdentifiers.TeeLevel, false, DerWriting.Integer(tcb.Tee)));
        string[] reserved = turin ? [ObjectIdentifiers.Level5, ObjectIdentifiers.Level6, ObjectIdentifiers.Level7]
            : [ObjectIdentifiers.Level4, ObjectIdentifiers.Level5, ObjectIdentifiers.Level6, ObjectIdentifiers.Level7];
        extensions.AddRange(reserved.Select(identifier => (identifier, false, DerWriting.Integer(0))));
        extensions.Add((ObjectIdentifiers.SnpLevel, false, DerWriting.Integer(tcb.Snp)));
        extensions.Add((ObjectIdentifiers.MicrocodeLevel, false, DerWriting.Integer(tcb.Microcode)));
        return extensions;
    }
}

using System.Globalization;

namespace LiteBox.Attestation;

/// <summary>AMD's key distribution service (57230): what each file's address is, and where a copy of it lies in a folder.</summary>
public static class KeyDistribution
{
    /// <summary>The service.</summary>
    public const string Base = "https://kdsintf.amd.com";

    /// <summary>Address of the VCEK of a chip at a TCB. On Turin the chip id is 8 bytes and the query starts with fmcSPL.</summary>
    public static string Vcek(SnpProduct product, ReadOnlySpan<byte> chipId, TcbVersion reported) =>
        Base + VcekPath(product, chipId, reported);

    /// <summary>Address of ASK and ARK of a product, PEM.</summary>
    public static string VcekChain(SnpProduct product) => Base + ChainPath("vcek", product);

    /// <summary>Address of ASVK and ARK of a product, PEM.</summary>
    public static string VlekChain(SnpProduct product) => Base + ChainPath("vlek", product);

    /// <summary>Address of the revocation list that covers the ASK, DER.</summary>
    public static string VcekRevocationList(SnpProduct product) => Base + RevocationPath("vcek", product);

    /// <summary>Address of the revocation list that covers the ASVK, DER.</summary>
    public static string VlekRevocationList(SnpProduct product) => Base + RevocationPath("vlek", product);

    /// <summary>
    /// The files of the service that the verification of a report takes. A version-2 report names no product, so it has the files of
    /// each that it can come from, unless the product is given. A VLEK has no address: only its provider can fetch it.
    /// </summary>
    public static IReadOnlyList<KeyDistributionFile> FilesFor(AttestationReport report, SnpProduct? product)
    {
        var files = new List<KeyDistributionFile>();
        var authority = report.KeyInfo.SigningKey == SigningKey.Vlek ? "vlek" : "vcek";
        foreach (var candidate in Candidates(report, product))
        {
            if (authority == "vcek" && !report.ChipIdIsMasked)
            {
                files.Add(new("VCEK", candidate, VcekPath(candidate, report.ChipId, report.ReportedTcb)));
            }

            files.Add(new(authority == "vlek" ? "ASVK and ARK" : "ASK and ARK", candidate, ChainPath(authority, candidate)));
            files.Add(new("CRL", candidate, RevocationPath(authority, candidate)));
        }

        return files;
    }

    /// <summary>
    /// The products a report can come from: the one given, the one its CPUID bytes say, or for version 2 those that were sold with such
    /// firmware.
    /// </summary>
    public static IReadOnlyList<SnpProduct> Candidates(AttestationReport report, SnpProduct? product) =>
        product is { } given ? [given]
        : report.Product is { } known ? [known]
        : report.Version == 2 ? [SnpProduct.Milan, SnpProduct.Genoa]
        : [];

    private static string VcekPath(SnpProduct product, ReadOnlySpan<byte> chipId, TcbVersion reported)
    {
        var tcb = reported.Decode(product.TcbLayout());
        var id = Convert.ToHexStringLower(chipId[..product.ChipIdLength()]);
        var fmc = tcb.Fmc is { } level ? string.Create(CultureInfo.InvariantCulture, $"fmcSPL={level:00}&") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"/vcek/v1/{product.Name()}/{id}?{fmc}blSPL={tcb.BootLoader:00}&teeSPL={tcb.Tee:00}&snpSPL={tcb.Snp:00}&ucodeSPL={tcb.Microcode:00}");
    }

    private static string ChainPath(string authority, SnpProduct product) => $"/{authority}/v1/{product.Name()}/cert_chain";

    private static string RevocationPath(string authority, SnpProduct product) => $"/{authority}/v1/{product.Name()}/crl";
}

/// <summary>One file of the key distribution service.</summary>
/// <param name="Content">What it holds: "VCEK", "ASK and ARK", "ASVK and ARK", "CRL".</param>
/// <param name="Product">The product it is for.</param>
/// <param name="Path">Path and query; a copy on disk has this very name under the folder.</param>
public sealed record KeyDistributionFile(string Content, SnpProduct Product, string Path)
{
    /// <summary>The address.</summary>
    public string Url => KeyDistribution.Base + Path;
}

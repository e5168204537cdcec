using System.Text;

namespace LiteBox.Attestation;

/// <summary>
/// AMD's own roots and intermediates, pinned by SHA-256 of the whole certificate. Source: AMD's key distribution service,
/// https://kdsintf.amd.com/vcek/v1/{product}/cert_chain and /vlek/v1/{product}/cert_chain; the values agree with the copies that
/// google/go-sev-guest, confidential-containers/trustee and virtee/sev carry.
/// </summary>
public static class AmdAuthorities
{
    /// <summary>SHA-256 of each root certificate, and of its public key, by product.</summary>
    private static readonly (SnpProduct Product, string Certificate, string Key)[] PinnedRoots =
    [
        (SnpProduct.Milan, "69d063b45344d26a2e94e1f4210de49ef555308287d4c174445c95639a540bcd",
            "9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9"),
        (SnpProduct.Genoa, "4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1",
            "429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831"),
        (SnpProduct.Turin, "1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a",
            "4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08"),
    ];

    private static readonly HashSet<string> PinnedIntermediates =
    [
        "67d303bd3905fd38db8b20e0793699870e7fa612eaad5dec358293fd8c0bac1b",
        "c5e081f59b7efab1fe2f8b505e159704e72f29cab7ef7cf628a05a42439082f5",
        "5464738c1546aed5f2cecf1dc98c5c960a92e8913238a61711bc90ec6e828521",
        "197e610743a917d6b9bb982a5a9226ccc0a15b611be0619e626aca9151457372",
        "5b77ef5fe7a7a004fd9032668fba9d0fda22f88c4442069a479636a6ae3b3185",
        "104e10a8bd060a3c20a434261a57d0588fd65a88915b4f65b08bdecaf8df1a3c",
    ];

    private static readonly Lazy<IReadOnlyList<AmdCertificate>> Embedded = new(Load);

    /// <summary>The pinned roots, one for each product.</summary>
    public static IReadOnlyList<AmdCertificate> Roots => [.. Embedded.Value.Where(certificate =>
        certificate.Role.Kind == CertificateKind.Ark)];

    /// <summary>The pinned ASKs and ASVKs, used when the evidence brings no certificate authority of its own.</summary>
    public static IReadOnlyList<AmdCertificate> Intermediates => [.. Embedded.Value.Where(certificate => certificate.Role.IsIntermediate)];

    /// <summary>Whether a certificate is, byte for byte, AMD's root.</summary>
    public static bool IsPinnedRoot(AmdCertificate certificate) =>
        PinnedRoots.Any(pin => certificate.Fingerprint == pin.Certificate && certificate.KeyFingerprint == pin.Key
            && certificate.Role == new CertificateRole(CertificateKind.Ark, pin.Product));

    private static IReadOnlyList<AmdCertificate> Load()
    {
        using var stream = typeof(AmdAuthorities).Assembly.GetManifestResourceStream("amd-authorities.pem")!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var set = new CertificateSet();
        if (set.Add(Encoding.ASCII.GetBytes(reader.ReadToEnd()), "built-in authorities") is { } error)
        {
            throw new InvalidOperationException(error.ToString());
        }

        return set.Certificates.All(certificate => IsPinnedRoot(certificate) || PinnedIntermediates.Contains(certificate.Fingerprint))
            ? set.Certificates
            : throw new InvalidOperationException("a built-in authority is not the pinned one");
    }
}

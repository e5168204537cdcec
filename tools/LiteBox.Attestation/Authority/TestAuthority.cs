using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>
/// A hierarchy of our own in AMD's form for one product: ARK, ASK and ASVK with their keys. For tests and for machines in software.
/// Nothing trusts it unless the ARK is named as trust anchor.
/// </summary>
public sealed class TestAuthority : IDisposable
{
    private const int KeySize = 4096;
    private const int LeafYears = 7;
    private static readonly DateTimeOffset Created = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly RSA arkKey;
    private readonly RSA askKey;
    private readonly RSA asvkKey;

    private TestAuthority(SnpProduct product, RSA arkKey, RSA askKey, RSA asvkKey, byte[] ark, byte[] ask, byte[] asvk)
    {
        Product = product;
        (this.arkKey, this.askKey, this.asvkKey) = (arkKey, askKey, asvkKey);
        (Ark, Ask, Asvk) = (ark, ask, asvk);
    }

    /// <summary>The product it stands for.</summary>
    public SnpProduct Product { get; }

    /// <summary>The root certificate, DER.</summary>
    public byte[] Ark { get; }

    /// <summary>The certificate that signs VCEKs, DER.</summary>
    public byte[] Ask { get; }

    /// <summary>The certificate that signs VLEKs, DER.</summary>
    public byte[] Asvk { get; }

    /// <summary>Key of the root, for issuing what the methods here do not.</summary>
    public RSA ArkKey => arkKey;

    /// <summary>Key of the ASK, for issuing what the methods here do not.</summary>
    public RSA AskKey => askKey;

    /// <summary>Key of the ASVK, for issuing what the methods here do not.</summary>
    public RSA AsvkKey => asvkKey;

    /// <summary>Makes new keys and certificates.</summary>
    public static TestAuthority Generate(SnpProduct product)
    {
        var (arkKey, askKey, asvkKey) = (RSA.Create(KeySize), RSA.Create(KeySize), RSA.Create(KeySize));
        var ark = Template($"ARK-{product.Name()}", $"ARK-{product.Name()}", SerialBase(product), arkKey, pathLength: null).Sign(arkKey);
        var ask = Template($"SEV-{product.Name()}", $"ARK-{product.Name()}", SerialBase(product) + 1, askKey, pathLength: 0).Sign(arkKey);
        var asvk = Template($"SEV-VLEK-{product.Name()}", $"ARK-{product.Name()}", SerialBase(product) + 0x101, asvkKey,
            pathLength: 0).Sign(arkKey);
        return new(product, arkKey, askKey, asvkKey, ark, ask, asvk);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static TestAuthority Load(SnpProduct product, string folder)
    {
        return new(product, Key("ark"), Key("ask"), Key("asvk"), Certificate("ark"), Certificate("ask"), Certificate("asvk"));

        RSA Key(string name)
        {
            var key = RSA.Create();
            key.ImportFromPem(File.ReadAllText(Path.Combine(folder, $"{name}.key.pem")));
            return key;
        }

        byte[] Certificate(string name) => File.ReadAllBytes(Path.Combine(folder, $"{name}.der"));
    }

    /// <summary>Writes keys (PKCS#8 PEM) and certificates (DER) into a folder, under fixed names.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, key, certificate) in new[] { ("ark", arkKey, Ark), ("ask", askKey, Ask), ("asvk", asvkKey, Asvk) })
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.key.pem"), key.ExportPkcs8PrivateKeyPem() + "\n");
            File.WriteAllBytes(Path.Combine(folder, $"{name}.der"), certificate);
        }
    }

    /// <summary>The root as the only one to trust.</summary>
    public TrustAnchors Anchors => TrustAnchors.Only([AmdCertificate.Parse(Ark).Value!]);

    /// <summary>Certifies a chip's key for seven years.</summary>
    /// <param name="key">The chip's P-384 key.</param>
    /// <param name="tcb">The TCB it is bound to.</param>
    /// <param name="chipId">64 bytes, 8 on Turin.</param>
    public byte[] IssueVcek(ECDsa key, TcbComponents tcb, ReadOnlySpan<byte> chipId) =>
        VcekTemplate(key, tcb, chipId).Sign(askKey);

    /// <summary>What <see cref="IssueVcek"/> signs, for changing it before.</summary>
    public CertificateTemplate VcekTemplate(ECDsa key, TcbComponents tcb, ReadOnlySpan<byte> chipId) => new()
    {
        SubjectName = "SEV-VCEK",
        IssuerName = $"SEV-{Product.Name()}",
        NotBefore = Created,
        NotAfter = Created.AddYears(LeafYears),
        PublicKey = key.ExportSubjectPublicKeyInfo(),
        Extensions = AmdExtensions.Vcek(Product, tcb, chipId),
    };

    /// <summary>Certifies a provider's key for one year.</summary>
    /// <param name="key">The provider's P-384 key.</param>
    /// <param name="tcb">The TCB it is bound to.</param>
    /// <param name="provider">CSP_ID.</param>
    public byte[] IssueVlek(ECDsa key, TcbComponents tcb, string provider) => VlekTemplate(key, tcb, provider).Sign(asvkKey);

    /// <summary>What <see cref="IssueVlek"/> signs, for changing it before.</summary>
    public CertificateTemplate VlekTemplate(ECDsa key, TcbComponents tcb, string provider) => new()
    {
        SubjectName = "SEV-VLEK",
        IssuerName = $"SEV-VLEK-{Product.Name()}",
        NotBefore = Created,
        NotAfter = Created.AddYears(1),
        PublicKey = key.ExportSubjectPublicKeyInfo(),
        Extensions = AmdExtensions.Vlek(Product, tcb, provider),
    };

    /// <summary>Signs a revocation list with the root's key.</summary>
    /// <param name="number">CRL number.</param>
    /// <param name="thisUpdate">When it is issued.</param>
    /// <param name="nextUpdate">When the next one is due.</param>
    /// <param name="revoked">The revoked serial numbers.</param>
    public byte[] IssueRevocationList(BigInteger number, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate,
        params IReadOnlyList<BigInteger> revoked)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            PssSignature.WriteAlgorithm(writer);
            DerWriting.WriteName(writer, $"ARK-{Product.Name()}");
            DerWriting.WriteTime(writer, thisUpdate);
            DerWriting.WriteTime(writer, nextUpdate);
            WriteRevoked(writer, thisUpdate, revoked);
            DerWriting.WriteExtensions(writer, 0, [(ObjectIdentifiers.CrlNumber, false, DerWriting.Integer(number))]);
        }

        return DerWriting.Sign(writer.Encode(), arkKey);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        arkKey.Dispose();
        askKey.Dispose();
        asvkKey.Dispose();
    }

    private static void WriteRevoked(AsnWriter writer, DateTimeOffset time, IReadOnlyList<BigInteger> revoked)
    {
        if (revoked.Count == 0)
        {
            return;
        }

        using (writer.PushSequence())
        {
            foreach (var serial in revoked)
            {
                using (writer.PushSequence())
                {
                    writer.WriteInteger(serial);
                    DerWriting.WriteTime(writer, time);
                }
            }
        }
    }

    /// <summary>AMD numbers a product's authorities from 0x10000, 0x20000 and 0x30000 on.</summary>
    private static int SerialBase(SnpProduct product) => 0x10000 * ((int)product + 1);

    private static CertificateTemplate Template(string subject, string issuer, int serial, RSA key, int? pathLength) => new()
    {
        SubjectName = subject,
        IssuerName = issuer,
        SerialNumber = serial,
        NotBefore = Created,
        NotAfter = Created.AddYears(25),
        PublicKey = key.ExportSubjectPublicKeyInfo(),
        Extensions = AmdExtensions.Authority(pathLength),
    };
}

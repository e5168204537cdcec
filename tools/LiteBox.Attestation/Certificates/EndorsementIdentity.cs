using System.Formats.Asn1;
using System.Numerics;

namespace LiteBox.Attestation;

/// <summary>What AMD's own extensions of a VCEK or VLEK say (57230): which chip or provider, which product, which TCB.</summary>
public sealed class EndorsementIdentity
{
    private readonly byte[]? hardwareId;

    private EndorsementIdentity(AmdCertificate certificate, CertificateKind kind)
    {
        StructVersion = ReadNumber(certificate, ObjectIdentifiers.StructVersion, "structVersion") ?? throw Missing("structVersion");
        ProductName = ReadText(certificate, ObjectIdentifiers.ProductName) ?? throw Missing("productName");
        Fmc = ReadNumber(certificate, ObjectIdentifiers.FmcLevel, "fmcSPL");
        BootLoader = ReadNumber(certificate, ObjectIdentifiers.BootLoaderLevel, "blSPL") ?? throw Missing("blSPL");
        Tee = ReadNumber(certificate, ObjectIdentifiers.TeeLevel, "teeSPL") ?? throw Missing("teeSPL");
        Snp = ReadNumber(certificate, ObjectIdentifiers.SnpLevel, "snpSPL") ?? throw Missing("snpSPL");
        Microcode = ReadNumber(certificate, ObjectIdentifiers.MicrocodeLevel, "ucodeSPL") ?? throw Missing("ucodeSPL");
        foreach (var (identifier, name) in ReservedLevels)
        {
            if (ReadNumber(certificate, identifier, name) is > 0 and var level)
            {
                throw new AsnContentException($"{name} is {level}; no layout gives it a meaning");
            }
        }

        hardwareId = ReadHardwareId(certificate);
        ProviderId = ReadText(certificate, ObjectIdentifiers.ProviderId);
        if (kind == CertificateKind.Vcek && (hardwareId is null || ProviderId is not null))
        {
            throw new AsnContentException(hardwareId is null ? "a VCEK needs the extension HWID" : "a VCEK has no extension CSP_ID");
        }

        if (kind == CertificateKind.Vlek && (hardwareId is not null || ProviderId is null))
        {
            throw new AsnContentException(hardwareId is null ? "a VLEK needs the extension CSP_ID" : "a VLEK has no extension HWID");
        }
    }

    private static readonly (string Identifier, string Name)[] ReservedLevels =
    [
        (ObjectIdentifiers.Level4, "spl4"), (ObjectIdentifiers.Level5, "spl5"),
        (ObjectIdentifiers.Level6, "spl6"), (ObjectIdentifiers.Level7, "spl7"),
    ];

    /// <summary>Reads the extensions of a VCEK or VLEK by their identifiers; their order says nothing.</summary>
    public static Parsed<EndorsementIdentity> Parse(AmdCertificate certificate)
    {
        var role = certificate.Role;
        try
        {
            return role.IsLeaf
                ? new EndorsementIdentity(certificate, role.Kind)
                : new FormatError("certificate extensions", null, $"\"{certificate.SubjectName}\" is neither a VCEK nor a VLEK");
        }
        catch (AsnContentException error)
        {
            return new FormatError($"{role.Name} extensions", null, error.Message);
        }
    }

    /// <summary>Layout of the extensions: 0 for Milan and Genoa, 1 for Turin.</summary>
    public byte StructVersion { get; }

    /// <summary>The product with or without a stepping, for example "Milan-B0", "Genoa".</summary>
    public string ProductName { get; }

    /// <summary>The product; null when the name is not known.</summary>
    public SnpProduct? Product
    {
        get
        {
            foreach (var product in SnpProducts.All)
            {
                if (ProductName.StartsWith(product.Name(), StringComparison.Ordinal) && IsStepping(ProductName.AsSpan(product.Name().Length)))
                {
                    return product;
                }
            }

            return null;
        }
    }

    /// <summary>The TCB the key is bound to.</summary>
    public TcbComponents Tcb => new(Fmc, BootLoader, Tee, Snp, Microcode);

    /// <summary>The chip: 64 bytes, 8 on Turin; null in a VLEK.</summary>
    public byte[]? HardwareId => (byte[]?)hardwareId?.Clone();

    /// <summary>The cloud provider; null in a VCEK.</summary>
    public string? ProviderId { get; }

    private byte? Fmc { get; }

    private byte BootLoader { get; }

    private byte Tee { get; }

    private byte Snp { get; }

    private byte Microcode { get; }

    /// <summary>Nothing, or a stepping such as "-B0".</summary>
    private static bool IsStepping(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text.Length == 3 && text[0] == '-' && char.IsAsciiLetterUpper(text[1]) && char.IsAsciiDigit(text[2]));

    private static AsnContentException Missing(string name) => new($"the extension {name} is missing");

    private static byte? ReadNumber(AmdCertificate certificate, string identifier, string name)
    {
        if (certificate.Extension(identifier) is not { } value)
        {
            return null;
        }

        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var number = reader.ReadInteger();
        reader.ThrowIfNotEmpty();
        return number >= BigInteger.Zero && number <= byte.MaxValue ? (byte)number
            : throw new AsnContentException($"{name} is {number}, a level has one byte");
    }

    private static string? ReadText(AmdCertificate certificate, string identifier)
    {
        if (certificate.Extension(identifier) is not { } value)
        {
            return null;
        }

        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var text = DerReading.ReadText(reader);
        reader.ThrowIfNotEmpty();
        return text;
    }

    /// <summary>Reads HWID: raw bytes, or in some certificates the same bytes in an OCTET STRING of their own.</summary>
    private static byte[]? ReadHardwareId(AmdCertificate certificate)
    {
        const byte OctetString = 0x04;
        return certificate.Extension(ObjectIdentifiers.HardwareId) switch
        {
            null => null,
            { Length: 8 or 64 } raw => raw,
            [OctetString, 64, .. { Length: 64 } inner] => inner,
            [OctetString, 8, .. { Length: 8 } inner] => inner,
            var other => throw new AsnContentException($"HWID has {other.Length} bytes, a chip id has 64, or 8 on Turin"),
        };
    }
}

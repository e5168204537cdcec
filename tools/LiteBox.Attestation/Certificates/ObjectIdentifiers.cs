namespace LiteBox.Attestation;

/// <summary>Object identifiers that AMD's certificates use.</summary>
internal static class ObjectIdentifiers
{
    internal const string CommonName = "2.5.4.3";
    internal const string RsaEncryption = "1.2.840.113549.1.1.1";
    internal const string RsaPss = "1.2.840.113549.1.1.10";
    internal const string Mgf1 = "1.2.840.113549.1.1.8";
    internal const string Sha384 = "2.16.840.1.101.3.4.2.2";
    internal const string EcPublicKey = "1.2.840.10045.2.1";
    internal const string P384 = "1.3.132.0.34";
    internal const string BasicConstraints = "2.5.29.19";
    internal const string KeyUsage = "2.5.29.15";
    internal const string CrlNumber = "2.5.29.20";
    internal const string AuthorityKeyIdentifier = "2.5.29.35";

    /// <summary>The arc of AMD's own extensions (57230, VCEK certificate format).</summary>
    internal const string AmdArc = "1.3.6.1.4.1.3704.1.";
    internal const string StructVersion = AmdArc + "1";
    internal const string ProductName = AmdArc + "2";
    internal const string BootLoaderLevel = AmdArc + "3.1";
    internal const string TeeLevel = AmdArc + "3.2";
    internal const string SnpLevel = AmdArc + "3.3";
    internal const string Level4 = AmdArc + "3.4";
    internal const string Level5 = AmdArc + "3.5";
    internal const string Level6 = AmdArc + "3.6";
    internal const string Level7 = AmdArc + "3.7";
    internal const string MicrocodeLevel = AmdArc + "3.8";
    internal const string FmcLevel = AmdArc + "3.9";
    internal const string HardwareId = AmdArc + "4";
    internal const string ProviderId = AmdArc + "5";
}

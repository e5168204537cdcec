namespace LiteBox.Attestation;

/// <summary>Checks the report's signature, over the bytes as they were received.</summary>
internal static class SignatureChecks
{
    private const string Algorithm = "signature.algorithm";
    private const string Format = "signature.format";
    private const string Valid = "signature.valid";
    private const uint EcdsaP384Sha384 = 1;

    internal static void Check(AttestationReport report, AmdCertificate? leaf, CheckList checks)
    {
        checks.Require(report.SignatureAlgorithm == EcdsaP384Sha384, Algorithm, CheckKind.Authenticity,
            "ECDSA P-384 with SHA-384", "SIGNATURE_ALGO is none that is defined", "1", $"{report.SignatureAlgorithm}");

        if (WhyUnsigned(report) is { } unsigned)
        {
            checks.Fail(Format, CheckKind.Authenticity, unsigned);
            checks.Skip(Valid, CheckKind.Authenticity, "the report is not signed");
            return;
        }

        var fault = report.Signature.FindFault();
        checks.Require(fault is null, Format, CheckKind.Authenticity, "R and S are in range and their padding is zero", fault ?? "");
        if (leaf is null)
        {
            checks.Skip(Valid, CheckKind.Authenticity, "there is no certificate");
        }
        else if (leaf.KeyKind != CertificateKeyKind.EcdsaP384)
        {
            checks.Fail(Valid, CheckKind.Authenticity, $"the {leaf.Role.Name} has no ECDSA key on P-384");
        }
        else
        {
            checks.Require(report.SignatureAlgorithm == EcdsaP384Sha384 && Verifies(report, leaf), Valid, CheckKind.Authenticity,
                $"the key of the {leaf.Role.Name} signed bytes 0x000 to 0x29f",
                    $"the key of the {leaf.Role.Name} did not sign these bytes");
        }
    }

    private static string? WhyUnsigned(AttestationReport report) =>
        report.KeyInfo.MaskChipKey ? "the host masks the chip key (MASK_CHIP_KEY), so the firmware does not sign"
        : report.KeyInfo.SigningKey == SigningKey.None ? "SIGNING_KEY says none: the firmware did not sign"
        : null;

    private static bool Verifies(AttestationReport report, AmdCertificate leaf)
    {
        using var key = leaf.OpenEcdsaKey();
        return report.Signature.Verifies(report.SignedBytes, key);
    }
}

namespace LiteBox.Attestation;

/// <summary>Checks that the certificate is the one for this chip, this TCB and this product.</summary>
internal static class BindingChecks
{
    private const string Extensions = "certificate.extensions";
    private const string Tcb = "certificate.tcb";
    private const string ChipId = "certificate.chip_id";
    private const string Provider = "certificate.provider";

    internal static void Check(AttestationReport report, AmdCertificate? leaf, SnpProduct? product, VerificationPolicy policy,
        CertificateSet evidence, CheckList checks)
    {
        if (leaf is null || product is not { } known)
        {
            SkipAll(leaf is null ? "there is no certificate" : "the product is not known", checks);
        }
        else if (!EndorsementIdentity.Parse(leaf).Succeeded(out var identity, out var error))
        {
            checks.Fail(Extensions, CheckKind.Authenticity, error.ToString());
            SkipAll("the certificate's extensions cannot be read", checks, besides: Extensions);
        }
        else
        {
            CheckExtensions(identity, leaf, known, checks);
            CheckTcb(report, identity, known, checks);
            CheckChip(report, identity, leaf, known, policy, checks);
            CheckProvider(identity, policy, checks);
        }

        CheckThim(report, evidence, checks);
    }

    private static void SkipAll(string reason, CheckList checks, string? besides = null)
    {
        foreach (var id in new[] { Extensions, Tcb, ChipId, Provider }.Where(id => id != besides))
        {
            checks.Skip(id, CheckKind.Authenticity, reason);
        }
    }

    private static void CheckExtensions(EndorsementIdentity identity, AmdCertificate leaf, SnpProduct product, CheckList checks)
    {
        var turin = product == SnpProduct.Turin;
        var fault = identity.Product != leaf.Role.Product
            ? $"productName is \"{identity.ProductName}\", the certificate is issued by \"{leaf.IssuerName}\""
            : identity.StructVersion > 1 ? $"structVersion {identity.StructVersion} is not known"
            : leaf.Role.Kind == CertificateKind.Vcek && identity.StructVersion != (turin ? 1 : 0)
                ? $"structVersion is {identity.StructVersion}, {product.Name()} has {(turin ? 1 : 0)}"
            : turin && leaf.Role.Kind == CertificateKind.Vcek && identity.Tcb.Fmc is null ? "a VCEK of Turin needs fmcSPL"
            : !turin && identity.Tcb.Fmc is not null ? $"{product.Name()} has no fmcSPL"
            : null;
        checks.Require(fault is null, Extensions, CheckKind.Authenticity, $"product {identity.ProductName}, TCB {identity.Tcb}",
            fault ?? "");
    }

    /// <summary>The key is bound to REPORTED_TCB; CURRENT_TCB may be newer.</summary>
    private static void CheckTcb(AttestationReport report, EndorsementIdentity identity, SnpProduct product, CheckList checks)
    {
        var layout = product.TcbLayout();
        var reported = report.ReportedTcb.Decode(layout);
        var certified = identity.Tcb;

        // No public Turin VLEK shows whether it carries fmcSPL, so there its absence is no difference.
        var same = certified == reported || (certified.Fmc is null && identity.HardwareId is null
            && certified == reported with { Fmc = null });
        checks.Require(same && report.ReportedTcb.ReservedIsZero(layout), Tcb, CheckKind.Authenticity,
            "the certificate is for REPORTED_TCB", "the certificate is for another TCB than REPORTED_TCB", certified.ToString(),
            report.ReportedTcb.ReservedIsZero(layout) ? reported.ToString()
                : $"{reported}, reserved bytes not zero (0x{report.ReportedTcb})");
    }

    private static void CheckChip(AttestationReport report, EndorsementIdentity identity, AmdCertificate leaf, SnpProduct product,
        VerificationPolicy policy, CheckList checks)
    {
        if (leaf.Role.Kind == CertificateKind.Vlek)
        {
            checks.Skip(ChipId, CheckKind.Authenticity, "a VLEK belongs to a provider and names no machine");
            return;
        }

        if (report.ChipIdIsMasked && policy.AllowMaskedChipId)
        {
            checks.Skip(ChipId, CheckKind.Authenticity,
                "the host masks CHIP_ID and the policy accepts that; the signature still binds the chip's key");
            return;
        }

        var id = identity.HardwareId!;
        var length = product.ChipIdLength();
        var reason = report.ChipIdIsMasked ? "the host masks CHIP_ID, so it cannot be compared; accept that in the policy when it is meant"
            : id.Length != length ? $"HWID has {id.Length} bytes, {product.Name()} has {length}"
            : report.ChipId[length..].ContainsAnyExcept((byte)0) ? $"CHIP_ID of {product.Name()} has {length} bytes, the rest must be zero"
            : !report.ChipId[..length].SequenceEqual(id) ? "the certificate belongs to another chip"
            : null;
        checks.Require(reason is null, ChipId, CheckKind.Authenticity, "HWID of the certificate is CHIP_ID", reason ?? "",
            Convert.ToHexStringLower(id), Convert.ToHexStringLower(report.ChipId));
    }

    private static void CheckProvider(EndorsementIdentity identity, VerificationPolicy policy, CheckList checks)
    {
        if (policy.Providers is not { } wanted)
        {
            checks.Skip(Provider, CheckKind.Policy, identity.ProviderId is { } id ? $"the policy accepts every provider; this is {id}"
                : "a VCEK names no provider");
        }
        else
        {
            checks.Require(identity.ProviderId is { } found && wanted.Contains(found), Provider, CheckKind.Policy,
                $"the VLEK is of {identity.ProviderId}", identity.ProviderId is null ? "a VCEK names no provider"
                    : "the VLEK is of another provider",
                string.Join(", ", wanted), identity.ProviderId ?? "none");
        }
    }

    private static void CheckThim(AttestationReport report, CertificateSet evidence, CheckList checks)
    {
        if (evidence.ThimTcb is { } thim)
        {
            checks.Require(thim == report.ReportedTcb, "thim.tcb", CheckKind.Authenticity,
                "tcbm of the THIM document is REPORTED_TCB", "tcbm of the THIM document is another TCB", thim.ToString(),
                    report.ReportedTcb.ToString());
        }
    }
}

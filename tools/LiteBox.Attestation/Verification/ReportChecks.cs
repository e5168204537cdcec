namespace LiteBox.Attestation;

/// <summary>Checks what a report says about itself.</summary>
internal static class ReportChecks
{
    internal static void CheckContent(AttestationReport report, VerificationPolicy policy, CheckList checks)
    {
        checks.Require(report.Version >= policy.MinimumVersion, "report.version", CheckKind.Policy,
            $"version {report.Version}", $"version {report.Version} is older than asked for", $">= {policy.MinimumVersion}",
                $"{report.Version}");
        checks.Require(report.Defects.Count == 0, "report.reserved", CheckKind.Format,
            "every reserved field is zero and every value has a meaning", string.Join("; ", report.Defects));
    }

    /// <summary>Checks that the processor is a known one, agrees with the chain, and is welcome.</summary>
    internal static void CheckProduct(AttestationReport report, AmdCertificate? leaf, SnpProduct? product, VerificationPolicy policy,
        CheckList checks)
    {
        const string Match = "product.match";
        if (report.Cpu is { Product: null } unknown)
        {
            checks.Fail(Match, CheckKind.Authenticity, $"CPUID {unknown} is no processor that AMD has published SNP roots for");
        }
        else if (leaf is null)
        {
            checks.Skip(Match, CheckKind.Authenticity, "there is no certificate to compare with");
        }
        else if (report.Product is { } said)
        {
            checks.Require(leaf.Role.Product == said, Match, CheckKind.Authenticity,
                $"CPUID {report.Cpu} is {said.Name()}, as the chain says",
                    $"CPUID {report.Cpu} is {said.Name()}, the certificate is issued by \"{leaf.IssuerName}\"",
                said.Name(), leaf.Role.Product?.Name() ?? leaf.IssuerName);
        }
        else
        {
            checks.Skip(Match, CheckKind.Authenticity,
                $"a version-{report.Version} report names no processor; the chain alone says {leaf.Role.Product?.Name() ?? "nothing known"}");
        }

        CheckProductWanted(product, policy, checks);
    }

    private static void CheckProductWanted(SnpProduct? product, VerificationPolicy policy, CheckList checks)
    {
        const string Wanted = "product.allowed";
        if (policy.Products is null && policy.DeniedProducts.Count == 0)
        {
            checks.Skip(Wanted, CheckKind.Policy, "the policy accepts every product");
            return;
        }

        var name = product?.Name() ?? "unknown";
        var welcome = product is { } known && !policy.DeniedProducts.Contains(known) && policy.Products?.Contains(known) != false;
        var wanted = policy.Products is { } products ? string.Join(", ", products.Select(SnpProducts.Name))
            : $"not {string.Join(", ", policy.DeniedProducts.Select(SnpProducts.Name))}";
        checks.Require(welcome, Wanted, CheckKind.Policy, $"{name} is accepted", $"{name} is not accepted", wanted, name);
    }
}

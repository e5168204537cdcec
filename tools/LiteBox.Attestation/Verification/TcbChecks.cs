namespace LiteBox.Attestation;

/// <summary>Checks the four TCB versions and the firmware, component by component in the layout of the product.</summary>
internal static class TcbChecks
{
    private const string Order = "tcb.order";
    private const string Reserved = "tcb.reserved";
    private const string Provisional = "tcb.provisional";

    internal static void Check(AttestationReport report, SnpProduct? product, VerificationPolicy policy, CheckList checks)
    {
        CheckMinimums(report, product, policy, checks);
        CheckFirmware(report, policy, checks);
        if (product is not { } known)
        {
            checks.Skip(Reserved, CheckKind.Format, "the product is not known");
            checks.Skip(Order, CheckKind.Format, "the product is not known");
            checks.Skip(Provisional, CheckKind.Policy, "the product is not known");
            return;
        }

        var layout = known.TcbLayout();
        CheckReserved(report, known, checks);
        var current = report.CurrentTcb.Decode(layout);
        var committed = report.CommittedTcb.Decode(layout);
        var reported = report.ReportedTcb.Decode(layout);
        CheckOrder(current, committed, reported, checks);
        CheckProvisional(report, current, committed, policy, checks);
    }

    // AMD states REPORTED <= COMMITTED <= CURRENT ("SEV-SNP Attestation: Establishing Trust in Guests", 2022), and its published firmware (amd/AMD-ASPFW,
    // Genoa 1.55.25) keeps it: REPORTED_TCB is COMMITTED_TCB until SNP_CONFIG names another (sev_plat.c, get_reported_tcb), SNP_CONFIG refuses what is
    // newer than COMMITTED_TCB (sev_mcmd.c, snp_mcmd_config), and firmware that is not committed moves CURRENT_TCB alone (get_running_tcb). So refusing
    // costs no honest machine anything, also while new firmware is provisional.
    // It is needed: SNP_CONFIG compares the components as one number, bootloader first (tcb_compare_versions), so that behind an older bootloader a host
    // may name microcode newer than any there is, and has the VCEK of that. A minimum of REPORTED_TCB alone would be met; COMMITTED_TCB gives it away.
    private static void CheckOrder(TcbComponents current, TcbComponents committed, TcbComponents reported, CheckList checks)
    {
        var fault = current.FirstBelow(reported) is { } late ? $"REPORTED_TCB ({reported}) is newer than CURRENT_TCB ({current}) in {late}"
            : current.FirstBelow(committed) is { } ahead ? $"COMMITTED_TCB ({committed}) is newer than CURRENT_TCB ({current}) in {ahead}"
            : committed.FirstBelow(reported) is { } early ? $"REPORTED_TCB ({reported}) is newer than COMMITTED_TCB ({committed}) in {early}"
            : null;
        checks.Require(fault is null, Order, CheckKind.Format, "REPORTED_TCB is not newer than COMMITTED_TCB, nor that than CURRENT_TCB",
            fault ?? "");
    }

    private static void CheckReserved(AttestationReport report, SnpProduct product, CheckList checks)
    {
        var wrong = Enum.GetValues<TcbKind>().Where(kind => !Field(report, kind).ReservedIsZero(product.TcbLayout())).ToList();
        var text = string.Join(", ", wrong.Select(kind => $"{kind.ToString().ToUpperInvariant()}_TCB (0x{Field(report, kind)})"));
        checks.Require(wrong.Count == 0, Reserved, CheckKind.Format, $"every byte that {product.Name()} reserves is zero",
            $"bytes that {product.Name()} reserves are not zero in {text}");
    }

    private static void CheckProvisional(AttestationReport report, TcbComponents current, TcbComponents committed,
        VerificationPolicy policy, CheckList checks)
    {
        var isProvisional = current != committed || report.CurrentFirmware != report.CommittedFirmware;
        if (isProvisional && policy.AllowProvisionalFirmware)
        {
            checks.Skip(Provisional, CheckKind.Policy,
                $"the host can still roll back (committed {committed}, current {current}); the policy accepts that");
        }
        else
        {
            checks.Require(!isProvisional, Provisional, CheckKind.Policy, "what runs is committed",
                "the host can still roll back to what is committed",
                $"{current}, firmware {report.CurrentFirmware}", $"{committed}, firmware {report.CommittedFirmware}");
        }
    }

    private static void CheckMinimums(AttestationReport report, SnpProduct? product, VerificationPolicy policy, CheckList checks)
    {
        foreach (var kind in Enum.GetValues<TcbKind>())
        {
            var id = $"tcb.minimum.{kind.ToString().ToLowerInvariant()}";
            if (!policy.MinimumTcbs.TryGetValue(kind, out var byProduct))
            {
                checks.Skip(id, CheckKind.Policy, "the policy has no minimum");
            }
            else if (product is not { } known || !byProduct.TryGetValue(known, out var minimum))
            {
                checks.Fail(id, CheckKind.Policy,
                    $"the policy has no minimum for {product?.Name() ?? "an unknown product"}, so it is not accepted");
            }
            else
            {
                var tcb = Field(report, kind).Decode(known.TcbLayout());
                checks.Require(tcb.IsAtLeast(minimum), id, CheckKind.Policy, $"no component is below the minimum of {known.Name()}",
                    $"{tcb.FirstBelow(minimum)} is below the minimum of {known.Name()}", minimum.ToString(), tcb.ToString());
            }
        }
    }

    private static TcbVersion Field(AttestationReport report, TcbKind kind) => kind switch
    {
        TcbKind.Reported => report.ReportedTcb,
        TcbKind.Committed => report.CommittedTcb,
        TcbKind.Current => report.CurrentTcb,
        _ => report.LaunchTcb,
    };

    private static void CheckFirmware(AttestationReport report, VerificationPolicy policy, CheckList checks)
    {
        const string Id = "firmware.minimum";
        if (policy.MinimumFirmware is not { } minimum)
        {
            checks.Skip(Id, CheckKind.Policy, $"the policy has no minimum; this is {report.CurrentFirmware}");
            return;
        }

        checks.Require(report.CurrentFirmware.CompareTo(minimum) >= 0
            && report.CommittedFirmware.CompareTo(minimum) >= 0, Id, CheckKind.Policy,
            "current and committed firmware are new enough", "the firmware, current or committed, is too old",
            $">= {minimum}", $"current {report.CurrentFirmware}, committed {report.CommittedFirmware}");
    }
}

namespace LiteBox.Attestation;

/// <summary>Checks what the report says against what the policy wants.</summary>
internal static class PolicyChecks
{
    internal static void Check(AttestationReport report, VerificationPolicy policy, CheckList checks)
    {
        CheckDoors(report, policy, checks);
        CheckVmpl(report, policy, checks);
        CheckBits("policy.bits", "POLICY", report.Policy.Raw, policy.RequiredPolicyBits, policy.ForbiddenPolicyBits, GuestPolicy.Bits,
            report.Policy.UnknownBits, checks);
        CheckAbi(report, policy, checks);
        CheckBits("platform.bits", "PLATFORM_INFO", report.PlatformInfo.Raw, policy.RequiredPlatformBits, policy.ForbiddenPlatformBits,
            PlatformInfo.Bits, report.PlatformInfo.UnknownBits, checks);
        CheckMitigations("mitigation.launch", report.LaunchMitigationVector, policy.RequiredLaunchMitigations, report.Version, checks);
        CheckMitigations("mitigation.current", report.CurrentMitigationVector, policy.RequiredCurrentMitigations, report.Version, checks);
        CheckSigner(report, policy, checks);
        CheckChips(report, policy, checks);
        CheckDigest("measurement", report.Measurement, policy.Measurements, checks);
        CheckBytes("report_data", report.ReportData, policy.ReportData, checks);
        CheckBytes("host_data", report.HostData, policy.HostData, checks);
        CheckDigest("id_key_digest", report.IdKeyDigest, policy.IdKeyDigests, checks);
        CheckDigest("author_key_digest", report.AuthorKeyDigest, policy.AuthorKeyDigests, checks);
        CheckBytes("family_id", report.FamilyId, policy.FamilyId, checks);
        CheckBytes("image_id", report.ImageId, policy.ImageId, checks);
        CheckBytes("report_id", report.ReportId, policy.ReportId, checks);
        CheckBytes("report_id_ma", report.ReportIdMigrationAgent, policy.ReportIdMigrationAgent, checks);
        CheckGuestSvn(report, policy, checks);
    }

    /// <summary>The two bits of POLICY that let others into the guest's memory.</summary>
    private static void CheckDoors(AttestationReport report, VerificationPolicy policy, CheckList checks)
    {
        CheckDoor("policy.debug", report.Policy.AllowsDebug, policy.AllowDebug, "debugging", checks);
        CheckDoor("policy.migration", report.Policy.AllowsMigration, policy.AllowMigration, "a migration agent", checks);
    }

    private static void CheckDoor(string id, bool isOpen, bool mayBeOpen, string what, CheckList checks)
    {
        if (isOpen && mayBeOpen)
        {
            checks.Skip(id, CheckKind.Policy, $"the guest allows {what} and the policy accepts that");
        }
        else
        {
            checks.Require(!isOpen, id, CheckKind.Policy, $"the guest does not allow {what}",
                $"the guest allows {what}, so its memory is not its own");
        }
    }

    private static void CheckVmpl(AttestationReport report, VerificationPolicy policy, CheckList checks)
    {
        const string Id = "vmpl";
        var actual = report.Vmpl == AttestationReport.HostVmpl ? "host" : $"{report.Vmpl}";
        if (report.Vmpl == AttestationReport.HostVmpl)
        {
            checks.Fail(Id, CheckKind.Policy, "the host asked for this report, not the guest", "a guest's VMPL", actual);
        }
        else if (policy.Vmpls is not { } wanted)
        {
            checks.Require(report.Vmpl <= 3, Id, CheckKind.Policy, $"VMPL {actual}; the policy accepts any", "no guest has this VMPL",
                "0 to 3", actual);
        }
        else
        {
            checks.Require(wanted.Contains(report.Vmpl), Id, CheckKind.Policy, $"VMPL {actual}", $"VMPL {actual} is not accepted",
                string.Join(", ", wanted), actual);
        }
    }

    private static void CheckBits(string id, string field, ulong value, ulong required, ulong forbidden, IReadOnlyList<NamedBit> names,
        ulong unknown, CheckList checks)
    {
        var note = unknown == 0 ? "" : $" (bits 0x{unknown:x} have no published meaning)";
        var missing = required & ~value;
        var excess = forbidden & value;
        if ((required | forbidden) == 0)
        {
            checks.Skip(id, CheckKind.Policy, $"the policy names no bits of {field}, which is 0x{value:x}{note}");
        }
        else if ((missing | excess) != 0)
        {
            var faults = new[] { Describe(missing, names, "not set"), Describe(excess, names, "set") }.OfType<string>();
            checks.Fail(id, CheckKind.Policy, $"{field}: {string.Join("; ", faults)}{note}", $"set 0x{required:x}, not set 0x{forbidden:x}",
                $"0x{value:x}");
        }
        else
        {
            checks.Pass(id, CheckKind.Policy, $"{field} is 0x{value:x}, as the policy wants{note}");
        }
    }

    private static string? Describe(ulong bits, IReadOnlyList<NamedBit> names, string what)
    {
        if (bits == 0)
        {
            return null;
        }

        var known = names.Where(name => (bits & name.Mask) != 0).ToList();
        var rest = bits & ~known.Aggregate(0UL, (mask, name) => mask | name.Mask);
        var all = known.Select(name => name.Name).Concat(rest == 0 ? [] : [$"0x{rest:x}"]);
        return $"{string.Join(", ", all)} {what}";
    }

    private static void CheckAbi(AttestationReport report, VerificationPolicy policy, CheckList checks)
    {
        const string Id = "policy.abi";
        var actual = (report.Policy.AbiMajor, report.Policy.AbiMinor);
        if (policy.MinimumAbi is not { } minimum)
        {
            checks.Skip(Id, CheckKind.Policy, $"the policy has no minimum; the guest asks for ABI {actual.AbiMajor}.{actual.AbiMinor}");
        }
        else
        {
            checks.Require(actual.CompareTo(minimum) >= 0, Id, CheckKind.Policy, "the guest asks for an ABI new enough",
                "the guest lets an older ABI launch it",
                $">= {minimum.Major}.{minimum.Minor}", $"{actual.AbiMajor}.{actual.AbiMinor}");
        }
    }

    private static void CheckMitigations(string id, ulong? vector, ulong required, uint version, CheckList checks)
    {
        if (required == 0)
        {
            checks.Skip(id, CheckKind.Policy, vector is { } value ? $"the policy names no mitigations; the vector is 0x{value:x}"
                : $"a version-{version} report has no mitigation vector");
        }
        else if (vector is not { } present)
        {
            checks.Fail(id, CheckKind.Policy, $"a version-{version} report has no mitigation vector", $"0x{required:x}", "none");
        }
        else
        {
            checks.Require((present & required) == required, id, CheckKind.Policy, "every mitigation asked for is on",
                $"mitigations 0x{required & ~present:x} are off", $"0x{required:x}", $"0x{present:x}");
        }
    }

    private static void CheckSigner(AttestationReport report, VerificationPolicy policy, CheckList checks)
    {
        const string Id = "signing_key.allowed";
        if (policy.SigningKeys is not { } wanted)
        {
            checks.Skip(Id, CheckKind.Policy, "the policy accepts VCEK and VLEK");
        }
        else
        {
            checks.Require(wanted.Contains(report.KeyInfo.SigningKey), Id, CheckKind.Policy,
                $"signed with a {report.KeyInfo.SigningKeyName}",
                $"signed with a {report.KeyInfo.SigningKeyName}, which is not accepted", string.Join(", ", wanted).ToUpperInvariant(),
                    report.KeyInfo.SigningKeyName);
        }
    }

    private static void CheckChips(AttestationReport report, VerificationPolicy policy, CheckList checks)
    {
        const string Id = "chip.allowed";
        if (policy.Chips is null && policy.DeniedChips.Count == 0)
        {
            checks.Skip(Id, CheckKind.Policy, "the policy accepts every chip");
            return;
        }

        var actual = Convert.ToHexStringLower(report.ChipId);
        if (report.ChipIdIsMasked)
        {
            checks.Fail(Id, CheckKind.Policy, "the policy names chips and the report names none (CHIP_ID is masked)", "a chip id", actual);
        }
        else if (policy.DeniedChips.Any(chip => IsChip(chip, report)))
        {
            checks.Fail(Id, CheckKind.Policy, "the chip is on the list of denied chips", "not on the list", actual);
        }
        else
        {
            checks.Require(policy.Chips is not { } wanted || wanted.Any(chip => IsChip(chip, report)), Id, CheckKind.Policy,
                "the chip is accepted", "the chip is not on the list of accepted chips", "on the list", actual);
        }
    }

    /// <summary>A Turin chip may be named by its 8 bytes alone.</summary>
    private static bool IsChip(byte[] chip, AttestationReport report) =>
        report.ChipId.StartsWith(chip) && !report.ChipId[chip.Length..].ContainsAnyExcept((byte)0);

    private static void CheckDigest(string id, ReadOnlySpan<byte> value, IReadOnlyList<NamedDigest>? accepted, CheckList checks)
    {
        if (accepted is null)
        {
            checks.Skip(id, CheckKind.Policy, "the policy accepts every value");
            return;
        }

        NamedDigest? found = null;
        foreach (var candidate in accepted)
        {
            if (value.SequenceEqual(candidate.Digest))
            {
                found = candidate;
                break;
            }
        }

        var reason = found?.Name is { } name ? $"it is \"{name}\"" : "it is an accepted value";
        checks.Require(found is not null, id, CheckKind.Policy, reason, "it is none of the accepted values",
            string.Join(", ", accepted.Select(candidate => Convert.ToHexStringLower(candidate.Digest))), Convert.ToHexStringLower(value));
    }

    private static void CheckBytes(string id, ReadOnlySpan<byte> value, byte[]? wanted, CheckList checks)
    {
        if (wanted is null)
        {
            checks.Skip(id, CheckKind.Policy, "the policy accepts every value");
        }
        else
        {
            checks.Require(value.SequenceEqual(wanted), id, CheckKind.Policy, "it is the value asked for", "it is not the value asked for",
                Convert.ToHexStringLower(wanted), Convert.ToHexStringLower(value));
        }
    }

    private static void CheckGuestSvn(AttestationReport report, VerificationPolicy policy, CheckList checks)
    {
        const string Id = "guest_svn";
        if (policy.MinimumGuestSvn == 0)
        {
            checks.Skip(Id, CheckKind.Policy, $"the policy has no minimum; this is {report.GuestSvn}");
        }
        else
        {
            checks.Require(report.GuestSvn >= policy.MinimumGuestSvn, Id, CheckKind.Policy, "new enough", "too old",
                $">= {policy.MinimumGuestSvn}", $"{report.GuestSvn}");
        }
    }
}

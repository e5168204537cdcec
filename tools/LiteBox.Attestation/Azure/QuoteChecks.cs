namespace LiteBox.Attestation;

/// <summary>Checks the quote of the vTPM with the attestation key that the report vouches for.</summary>
internal static class QuoteChecks
{
    private const string Format = "quote.format";
    private const string Signature = "quote.signature";
    private const string Nonce = "quote.nonce";
    private const string Selection = "quote.pcr_selection";
    private const string Digest = "quote.pcr_digest";
    private const string Values = "quote.pcr_values";

    internal static void Check(AzureEvidence evidence, RuntimeClaims? claims, AzurePolicy policy, CheckList checks)
    {
        if (evidence.Quote is not { } bytes)
        {
            WithoutQuote(policy, checks);
            return;
        }

        if (!TpmQuote.Parse(bytes).Succeeded(out var quote, out var error))
        {
            checks.Fail(Format, CheckKind.Format, error.ToString());
            SkipAll("the quote cannot be read", checks);
            return;
        }

        checks.Pass(Format, CheckKind.Format,
            $"made by a TPM, reset {quote.ResetCount} times, clock {quote.Clock} ms{(quote.ClockIsSafe ? "" : ", clock was set back")}");
        CheckSignature(evidence, quote, claims, checks);
        CheckNonce(quote, policy, checks);
        CheckPcrs(evidence, quote, policy, checks);
    }

    private static void WithoutQuote(AzurePolicy policy, CheckList checks)
    {
        var needed = policy.RequireQuote || policy.Nonce is not null || policy.Selection is not null || policy.Pcrs.Count > 0;
        if (needed)
        {
            checks.Fail(Format, CheckKind.Evidence, "there is no quote, and the policy asks for what only a quote says");
        }
        else
        {
            checks.Skip(Format, CheckKind.Evidence, "there is no quote: nothing speaks for the guest's image or for freshness");
        }

        SkipAll("there is no quote", checks);
    }

    private static void SkipAll(string reason, CheckList checks)
    {
        foreach (var id in new[] { Signature, Nonce, Selection, Digest, Values })
        {
            checks.Skip(id, CheckKind.Authenticity, reason);
        }
    }

    private static void CheckSignature(AzureEvidence evidence, TpmQuote quote, RuntimeClaims? claims, CheckList checks)
    {
        if (evidence.QuoteSignature is not { } signature)
        {
            checks.Fail(Signature, CheckKind.Evidence, "the signature over the quote is missing");
        }
        else if (claims is null)
        {
            checks.Fail(Signature, CheckKind.Authenticity, "the attestation key cannot be read");
        }
        else
        {
            checks.Require(quote.IsSignedWith(signature, claims.AttestationKey), Signature, CheckKind.Authenticity,
                "HCLAkPub signed the quote, RSASSA-PKCS1-v1_5 with SHA-256", "HCLAkPub did not sign this quote");
        }
    }

    private static void CheckNonce(TpmQuote quote, AzurePolicy policy, CheckList checks)
    {
        var actual = Convert.ToHexStringLower(quote.ExtraData);
        if (policy.AllowAnyNonce)
        {
            checks.Skip(Nonce, CheckKind.Authenticity, $"the policy accepts any nonce, so the quote may be old; it is {actual}");
        }
        else if (policy.Nonce is not { Length: > 0 } wanted)
        {
            checks.Fail(Nonce, CheckKind.Authenticity, "no nonce was given, so nothing says that the quote is fresh", "a nonce", actual);
        }
        else
        {
            checks.Require(quote.ExtraData.AsSpan().SequenceEqual(wanted), Nonce, CheckKind.Authenticity,
                "extraData is the nonce", "extraData is not the nonce", Convert.ToHexStringLower(wanted), actual);
        }
    }

    private static void CheckPcrs(AzureEvidence evidence, TpmQuote quote, AzurePolicy policy, CheckList checks)
    {
        var text = string.Join(" ", quote.Selections);
        if (quote.Selections is not [{ Hash: PcrSelection.Sha256 } selection] || selection.Numbers.Count == 0)
        {
            checks.Fail(Selection, CheckKind.Authenticity, "the quote is not over PCRs of the SHA-256 bank alone", "sha256", text);
            checks.Skip(Digest, CheckKind.Authenticity, "the selection is not usable");
            checks.Skip(Values, CheckKind.Policy, "the selection is not usable");
            return;
        }

        var missing = policy.Pcrs.Keys.Where(number => !selection.Numbers.Contains(number)).Order().ToList();
        var exact = policy.Selection is not { } wanted || wanted.Order().Distinct().SequenceEqual(selection.Numbers);
        checks.Require(exact && missing.Count == 0, Selection, CheckKind.Policy, $"the quote is over {text}",
            missing.Count > 0 ? $"the quote is not over PCR {string.Join(", ", missing)}, which the policy names"
                : "the quote is over other PCRs than asked for",
            policy.Selection is { } numbers ? $"sha256:{string.Join(',', numbers.Order())}" : null, text);
        CheckValues(evidence, quote, selection, policy, checks);
    }

    private static void CheckValues(AzureEvidence evidence, TpmQuote quote, PcrSelection selection, AzurePolicy policy, CheckList checks)
    {
        if (evidence.Pcrs is not { } values)
        {
            checks.Fail(Digest, CheckKind.Evidence, "the values of the PCRs are missing, the quote has their digest only");
            checks.Skip(Values, CheckKind.Policy, "there are no values");
            return;
        }

        var digest = values.Digest(selection.Numbers);
        checks.Require(digest is not null && quote.PcrDigest.AsSpan().SequenceEqual(digest), Digest, CheckKind.Authenticity,
            "the digest is over the values given", digest is null ? "a quoted PCR has no value"
                : "the digest is over other values than those given",
            Convert.ToHexStringLower(quote.PcrDigest), digest is null ? null : Convert.ToHexStringLower(digest));
        if (policy.Pcrs.Count == 0)
        {
            checks.Skip(Values, CheckKind.Policy, "the policy names no values: nothing is said about the guest's image");
            return;
        }

        var wrong = policy.Pcrs.Where(pcr => !pcr.Value.AsSpan().SequenceEqual(values[pcr.Key])).OrderBy(pcr => pcr.Key).ToList();
        checks.Require(wrong.Count == 0, Values, CheckKind.Policy, $"PCR {string.Join(", ", policy.Pcrs.Keys.Order())} as the policy wants",
            $"PCR {string.Join(", ", wrong.Select(pcr => pcr.Key))} has another value",
            string.Join(", ", wrong.Select(pcr => Convert.ToHexStringLower(pcr.Value))),
                string.Join(", ", wrong.Select(pcr => values[pcr.Key] is { } value ? Convert.ToHexStringLower(value) : "none")));
    }
}

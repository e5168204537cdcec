namespace LiteBox.Attestation;

/// <summary>What an Azure confidential VM brings: the HCL report and, when it speaks for the guest's image, a quote of its vTPM.</summary>
public sealed record AzureEvidence
{
    /// <summary>Content of NV index 0x01400001.</summary>
    public required byte[] HclReport { get; init; }

    /// <summary>TPMS_ATTEST; null when there is no quote.</summary>
    public byte[]? Quote { get; init; }

    /// <summary>The signature over the quote.</summary>
    public byte[]? QuoteSignature { get; init; }

    /// <summary>The values of the quoted PCRs.</summary>
    public PcrValues? Pcrs { get; init; }
}

/// <summary>What Azure evidence must say, beside the policy for the SNP report.</summary>
public sealed record AzurePolicy
{
    /// <summary>What the SNP report must say. Its measurement is the paravisor's: the guest's image is in the PCRs.</summary>
    public VerificationPolicy Report { get; init; } = new();

    /// <summary>The nonce that extraData must be; null, or empty, never passes when there is a quote.</summary>
    public byte[]? Nonce { get; init; }

    /// <summary>Whether a quote may have any nonce: for looking at old evidence, where freshness means nothing.</summary>
    public bool AllowAnyNonce { get; init; }

    /// <summary>Whether a quote must be there.</summary>
    public bool RequireQuote { get; init; }

    /// <summary>
    /// The PCRs of the SHA-256 bank that must be quoted, these and no others; null accepts any set that has those of <see cref="Pcrs"/>.
    /// </summary>
    public IReadOnlyList<int>? Selection { get; init; }

    /// <summary>The values that PCRs must have.</summary>
    public IReadOnlyDictionary<int, byte[]> Pcrs { get; init; } = new Dictionary<int, byte[]>();

    /// <summary>The 64 bytes the guest must have bound as user-data; null accepts all.</summary>
    public byte[]? UserData { get; init; }

    /// <summary>Whether the configuration must say that Secure Boot is on.</summary>
    public bool RequireSecureBoot { get; init; }

    /// <summary>Whether the configuration must say that the console is off.</summary>
    public bool ForbidConsole { get; init; }

    /// <summary>The vmUniqueId that is required; null accepts all.</summary>
    public string? MachineId { get; init; }

    /// <summary>The attestation key that is required, as modulus and exponent; null accepts the one the report vouches for.</summary>
    public System.Security.Cryptography.RSAParameters? AttestationKey { get; init; }
}

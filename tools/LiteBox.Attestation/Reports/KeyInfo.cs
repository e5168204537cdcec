namespace LiteBox.Attestation;

/// <summary>Which key signed a report: SIGNING_KEY, bits 4:2 of KEY_INFO.</summary>
public enum SigningKey
{
    /// <summary>Versioned chip endorsement key: one for each chip and TCB.</summary>
    Vcek = 0,

    /// <summary>Versioned loaded endorsement key: one for each cloud provider and TCB.</summary>
    Vlek = 1,

    /// <summary>None: the report is not signed.</summary>
    None = 7,
}

/// <summary>KEY_INFO at offset 0x48 (56860, ATTESTATION_REPORT).</summary>
/// <param name="Raw">The 32 bits as they stand in the report.</param>
public readonly record struct KeyInfo(uint Raw)
{
    /// <summary>Whether the author key signed the ID key, so that AUTHOR_KEY_DIGEST counts.</summary>
    public bool AuthorKeyEnabled => (Raw & 1) != 0;

    /// <summary>Whether the host masked the chip key: the signature is zero by design.</summary>
    public bool MaskChipKey => (Raw & 2) != 0;

    /// <summary>The key that signed; values 2 to 6 have no name.</summary>
    public SigningKey SigningKey => (SigningKey)((Raw >> 2) & 7);

    /// <summary>Whether <see cref="SigningKey"/> is one of the defined values.</summary>
    public bool SigningKeyIsDefined => SigningKey is SigningKey.Vcek or SigningKey.Vlek or SigningKey.None;

    /// <summary>Whether bits 31:5 are zero.</summary>
    public bool ReservedIsZero => Raw >> 5 == 0;

    /// <summary>The key's name as AMD writes it.</summary>
    public string SigningKeyName => SigningKey switch
    {
        SigningKey.Vcek => "VCEK",
        SigningKey.Vlek => "VLEK",
        SigningKey.None => "none",
        var other => $"reserved ({(int)other})",
    };
}

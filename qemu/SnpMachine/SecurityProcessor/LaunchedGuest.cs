using LiteBox.SnpMachine.Cryptography;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>What the security processor knows of the guest after its launch: its context page, in other words (56860, section 4.2).</summary>
internal unsafe struct LaunchedGuest
{
    public fixed byte Measurement[Sha384.Size];
    public fixed byte IdKeyDigest[Sha384.Size];
    public fixed byte AuthorKeyDigest[Sha384.Size];
    public fixed byte FamilyId[16];
    public fixed byte ImageId[16];
    public fixed byte ReportId[32];
    public uint GuestSvn;
    public bool HasAuthorKey;

    /// <summary>Next sequence number that a message under each VMPCK must have.</summary>
    public fixed ulong NextSequence[SecretsPage.KeyCount];
}

using System;
using System.Security.Cryptography;
using LiteBox.Platform;
using LiteBox.South.Handover;
using LiteBox.South.Memory;

namespace LiteBox.South.Snp;

/// <summary>How an SNP guest comes by its channel to the security processor.</summary>
internal static unsafe class AttestationStart
{
    /// <summary>The key of VMPL0, where this kernel runs; Linux takes the same by default.</summary>
    private const byte Key = 0;

    /// <summary>
    /// Takes the key out of the launch's secrets page and makes the channel. Null where the launch left no key, or the pool has no pages: the guest
    /// runs without attestation then, as Linux does. The confidential-computing blob was found to be well formed before.
    /// </summary>
    // SAFETY: firmware, which is measured, says where blob and page are, and keeps both out of the memory that it gives away.
    public static SnpAttestation? TryRun(in BootInformation information, HostConnection connection, Scheduler scheduler, Clock clock)
    {
        ConfidentialComputingBlob blob = *(ConfidentialComputingBlob*)(PhysicalMemory.Base + information.ConfidentialComputingBlob);
        if (!blob.IsValid || blob.SecretsAddress == 0 || blob.SecretsAddress >= PhysicalAddress.Limit)
        {
            return null;
        }

        SecretsPage secrets = new((byte*)(PhysicalMemory.Base + blob.SecretsAddress));
        Span<byte> key = stackalloc byte[SecretsPage.KeySize];
        SnpAttestation? attestation = null;
        if (secrets.TryTakeKey(Key, key) && connection.Pool.TryTake(GhcbMessageHost.PageCount) is { } pages)
        {
            GhcbMessageHost carrier = new(connection.Ghcb, pages, scheduler, clock);
            attestation = new SnpAttestation(new GuestMessageChannel(carrier, key, Key, secrets.SequenceCount(Key)), scheduler);
        }

        CryptographicOperations.ZeroMemory(key);
        return attestation;
    }
}

using System;
using System.Security.Cryptography;
using LiteBox.Cryptography;
using LiteBox.Platform;

namespace LiteBox.South.Snp;

/// <summary>
/// The encrypted channel to the security processor, under one VM platform communication key. The nonce of a message is its sequence number, so two
/// different messages must never go out under one number, and the host decides which ones arrive. Therefore (T58): a question is encrypted once and
/// resent only as it is; its two numbers are used up before it is shown; and whatever is not exactly as it must be costs the key. One
/// question at a time: the caller sees to that.
/// </summary>
internal sealed unsafe class GuestMessageChannel
{
    // EXITINFO2 (56421, 4.1.7): the host's error is in the upper half.
    private const ulong CertificatesDoNotFit = 1UL << 32;
    private const ulong HostIsBusy = 2UL << 32;

    /// <summary>Thirty pauses of two seconds: a minute, as Linux waits.</summary>
    private const int RetryLimit = 30;

    /// <summary>A host that asks for a gigabyte of room is no host.</summary>
    private const ulong PlausiblePages = 1 << 18;

    private readonly GuestMessageHost host;
    private readonly uint* sequenceCount;
    private readonly byte key;
    private readonly byte[] request = new byte[GuestMessage.Size];
    private readonly byte[] response = new byte[GuestMessage.Size];
    private Aes256Gcm cipher;

    /// <param name="keyBytes">The key; the caller clears it afterwards.</param>
    /// <param name="key">Its number, 0 to 3.</param>
    /// <param name="sequenceCount">Numbers used up so far, in the secrets page: firmware before and a kernel after this one count there too.</param>
    // SAFETY: the count is in a page that is nobody's memory but the guest's, for as long as the machine lives.
    public GuestMessageChannel(GuestMessageHost host, ReadOnlySpan<byte> keyBytes, byte key, uint* sequenceCount)
    {
        this.host = host;
        this.key = key;
        this.sequenceCount = sequenceCount;
        cipher.SetKey(keyBytes);
        IsUsable = true;
    }

    /// <summary>False once the key was wiped.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>Asks a question. An answer is filled up with zeros.</summary>
    /// <param name="answer">As long as the longest answer to this question.</param>
    public AttestationResult Ask(byte type, byte version, ReadOnlySpan<byte> question, Span<byte> answer) =>
        Ask(type, version, question, answer, false, default);

    /// <summary>Asks by the extended request, which brings certificates.</summary>
    /// <param name="certificates">Whole pages.</param>
    public AttestationResult AskExtended(byte type, byte version, ReadOnlySpan<byte> question, Span<byte> answer, Span<byte> certificates) =>
        Ask(type, version, question, answer, true, certificates);

    /// <summary>Wipes the key: nothing is sent any more.</summary>
    public void Wipe()
    {
        IsUsable = false;

        // SAFETY: a structure without references, of this object's own.
        fixed (Aes256Gcm* secret = &cipher)
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(secret, sizeof(Aes256Gcm)));
        }

        CryptographicOperations.ZeroMemory(response);
    }

    private AttestationResult Ask(byte type, byte version, ReadOnlySpan<byte> question, Span<byte> answer, bool isExtended, Span<byte> certificates)
    {
        answer.Clear();
        if (!IsUsable)
        {
            return new AttestationResult(AttestationStatus.NoChannel, AttestationResult.NotAsked);
        }

        // Question and answer have a number each. The count has 32 bits in the secrets page (56421, the "secrets page"): beyond them a number would come twice.
        ulong sequence = (ulong)*sequenceCount + 1;
        if (sequence >= uint.MaxValue)
        {
            return new AttestationResult(AttestationStatus.HostFailed, AttestationResult.NotAsked);
        }

        *sequenceCount += 2;
        GuestMessage.Seal(request, cipher, sequence, type, version, key, question);
        AttestationResult result = Carry(isExtended, (ulong)certificates.Length / GuestMessage.Size);
        if (result.Status is AttestationStatus.Success or AttestationStatus.CertificatesDoNotFit)
        {
            result = Open(result, sequence, type, version, answer);
        }

        if (result.Status == AttestationStatus.Success)
        {
            if (isExtended)
            {
                host.CopyCertificates(certificates);
            }
        }
        else
        {
            CryptographicOperations.ZeroMemory(answer);
            if (result.Status != AttestationStatus.CertificatesDoNotFit)
            {
                Wipe();
            }
        }

        CryptographicOperations.ZeroMemory(response);
        return result;
    }

    /// <summary>
    /// Sends what is sealed until the host carried it. Where the certificates do not fit, it goes out once more without asking for them, so that the security
    /// processor counts on as this side does, whether or not it has seen it before.
    /// </summary>
    private AttestationResult Carry(bool isExtended, ulong pages)
    {
        ulong neededPages = 0;
        for (int retries = 0; ; retries++)
        {
            ulong offeredPages = pages;
            bool success = isExtended
                ? host.TryCarryExtended(request, response, ref offeredPages, out ulong answer)
                : host.TryCarry(request, response, out answer);
            if (!success)
            {
                return new AttestationResult(AttestationStatus.HostFailed, AttestationResult.NotAsked);
            }

            if (answer == 0)
            {
                return neededPages == 0
                    ? new AttestationResult(AttestationStatus.Success, 0)
                    : new AttestationResult(AttestationStatus.CertificatesDoNotFit, CertificatesDoNotFit, neededPages);
            }

            if (answer == CertificatesDoNotFit && isExtended && offeredPages > pages && offeredPages <= PlausiblePages)
            {
                neededPages = offeredPages;
                isExtended = false;
            }
            else if (answer != HostIsBusy)
            {
                return new AttestationResult(AttestationStatus.HostFailed, answer);
            }
            else if (retries >= RetryLimit)
            {
                return new AttestationResult(AttestationStatus.TimedOut, answer);
            }
            else
            {
                host.WaitBeforeRetry();
            }
        }
    }

    private AttestationResult Open(in AttestationResult carried, ulong sequence, byte type, byte version, Span<byte> answer)
    {
        if (!GuestMessage.TryOpen(response, cipher, sequence, type, version, key, answer.Length, out int size))
        {
            return new AttestationResult(AttestationStatus.BadAnswer, carried.HostAnswer);
        }

        response.AsSpan(GuestMessage.HeaderSize, size).CopyTo(answer);
        return carried;
    }
}

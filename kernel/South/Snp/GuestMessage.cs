using System;
using System.Buffers.Binary;
using LiteBox.Cryptography;

namespace LiteBox.South.Snp;

/// <summary>
/// The envelope of a message between guest and security processor: a page with a header of 96 bytes and an encrypted payload (56860, chapter 7,
/// "guest messages"). The nonce is the sequence number, and the header from <see cref="AlgorithmOffset"/> on is authenticated with the payload.
/// All spans are private memory: a shared page is copied before it is looked at (T59).
/// </summary>
internal static class GuestMessage
{
    /// <summary>Bytes of a message with its header.</summary>
    public const int Size = 4096;

    /// <summary>MSG_KEY_REQ; its answer is one more, as with all types.</summary>
    public const byte KeyRequest = 3;

    /// <summary>MSG_REPORT_REQ.</summary>
    public const byte ReportRequest = 5;

    public const int SequenceOffset = 0x20;
    public const int AlgorithmOffset = 0x30;
    public const int HeaderVersionOffset = 0x31;
    public const int HeaderSizeOffset = 0x32;
    public const int TypeOffset = 0x34;
    public const int VersionOffset = 0x35;
    public const int PayloadSizeOffset = 0x36;
    public const int KeyOffset = 0x3C;
    public const int HeaderSize = 0x60;

    private const byte Aes256GcmAlgorithm = 1;
    private const byte HeaderVersion = 1;

    /// <summary>Makes a message of a payload of at most 4000 bytes.</summary>
    /// <param name="key">Number of the VMPCK that the cipher has.</param>
    public static void Seal(Span<byte> message, in Aes256Gcm cipher, ulong sequence, byte type, byte version, byte key, ReadOnlySpan<byte> payload)
    {
        message.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(message.Slice(SequenceOffset), sequence);
        message[AlgorithmOffset] = Aes256GcmAlgorithm;
        message[HeaderVersionOffset] = HeaderVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(message.Slice(HeaderSizeOffset), HeaderSize);
        message[TypeOffset] = type;
        message[VersionOffset] = version;
        BinaryPrimitives.WriteUInt16LittleEndian(message.Slice(PayloadSizeOffset), (ushort)payload.Length);
        message[KeyOffset] = key;
        Span<byte> sealedPayload = message.Slice(HeaderSize, payload.Length);
        payload.CopyTo(sealedPayload);
        Span<byte> nonce = stackalloc byte[Aes256Gcm.NonceSize];
        WriteNonce(nonce, sequence);
        cipher.Encrypt(nonce, Authenticated(message), sealedPayload, message.Slice(0, Aes256Gcm.TagSize));
    }

    /// <summary>
    /// Opens an answer in place. False where anything in the header is not as it must be, or the tag is wrong (T58). Reserved bytes may be
    /// anything: they are authenticated as they came.
    /// </summary>
    /// <param name="type">Type of the question.</param>
    /// <param name="sequence">Sequence number of the question.</param>
    /// <param name="payloadLimit">The longest payload that can be an answer.</param>
    public static bool TryOpen(Span<byte> message, in Aes256Gcm cipher, ulong sequence, byte type, byte version, byte key, int payloadLimit, out int payloadSize)
    {
        payloadSize = BinaryPrimitives.ReadUInt16LittleEndian(message.Slice(PayloadSizeOffset));
        if (BinaryPrimitives.ReadUInt64LittleEndian(message.Slice(SequenceOffset)) != sequence + 1
            || message[AlgorithmOffset] != Aes256GcmAlgorithm
            || message[HeaderVersionOffset] != HeaderVersion
            || BinaryPrimitives.ReadUInt16LittleEndian(message.Slice(HeaderSizeOffset)) != HeaderSize
            || message[TypeOffset] != type + 1
            || message[VersionOffset] != version
            || message[KeyOffset] != key
            || payloadSize > payloadLimit)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[Aes256Gcm.NonceSize];
        WriteNonce(nonce, sequence + 1);
        return cipher.TryDecrypt(nonce, Authenticated(message), message.Slice(HeaderSize, payloadSize), message.Slice(0, Aes256Gcm.TagSize));
    }

    private static ReadOnlySpan<byte> Authenticated(ReadOnlySpan<byte> message) => message.Slice(AlgorithmOffset, HeaderSize - AlgorithmOffset);

    private static void WriteNonce(Span<byte> nonce, ulong sequence)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(nonce.Slice(8), 0);
    }
}

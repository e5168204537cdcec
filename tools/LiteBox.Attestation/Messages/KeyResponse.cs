using System.Buffers.Binary;

namespace LiteBox.Attestation;

/// <summary>The decrypted payload of MSG_KEY_RSP: status, and the derived key at offset 32 (56860, MSG_KEY_RSP).</summary>
public sealed class KeyResponse
{
    private const string Subject = "MSG_KEY_RSP";
    private const int KeyOffset = 0x20;
    private const int Size = 0x40;

    private KeyResponse(byte[] key) => Key = key;

    /// <summary>The derived key, 32 bytes. It is a secret: the caller clears it.</summary>
    public byte[] Key { get; }

    /// <summary>Reads the payload, exactly 64 bytes.</summary>
    public static Parsed<KeyResponse> Parse(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != Size)
        {
            return new FormatError(Subject, Math.Min(payload.Length, Size), $"it has {payload.Length} bytes, not {Size}");
        }

        var status = BinaryPrimitives.ReadUInt32LittleEndian(payload);
        return status != 0 ? new FormatError(Subject, 0, $"the status is 0x{status:x}, there is no key")
            : payload[4..KeyOffset].ContainsAnyExcept((byte)0) ? new FormatError(Subject, 4, "28 reserved bytes must be zero and are not")
            : new KeyResponse(payload[KeyOffset..].ToArray());
    }
}

using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LiteBox.Platform;

/// <summary>The secret that a sealing key comes from (56860, MSG_KEY_REQ, ROOT_KEY_SELECT and KEY_SEL).</summary>
public enum SealingKeyRoot : uint
{
    /// <summary>The provider's key where one is installed, else the chip's: other keys from the day on which a provider installs one.</summary>
    Endorsement = 0,

    /// <summary>The root that a migration agent gives the guest: the key goes with it to another chip.</summary>
    Migration = 1,

    /// <summary>The chip's (VCEK): the key exists on this chip only.</summary>
    Chip = 2,

    /// <summary>The provider's (VLEK). Refused where none is installed.</summary>
    Provider = 4,
}

/// <summary>
/// What else a sealing key depends on (56860, MSG_KEY_REQ, GUEST_FIELD_SELECT): with other values another guest gets another key. A key without
/// <see cref="Measurement"/> outlives an update of the software, and any guest with the same other fields can have it: then take
/// <see cref="FamilyId"/>, <see cref="ImageId"/> and <see cref="GuestPolicy"/> of a signed ID block. HOST_DATA is never mixed in.
/// </summary>
[Flags]
public enum SealingKeyFields : ulong
{
    None = 0,
    GuestPolicy = 1 << 0,
    ImageId = 1 << 1,
    FamilyId = 1 << 2,
    Measurement = 1 << 3,
    GuestSvn = 1 << 4,
    TcbVersion = 1 << 5,
}

/// <summary>What a sealing key is made of. The same request in the same guest gives the same key.</summary>
public readonly struct SealingKeyRequest
{
    /// <summary>Bytes in a key.</summary>
    public const int KeySize = 32;

    private const byte Version = 1;

    public SealingKeyRequest(SealingKeyRoot root, SealingKeyFields fields, uint privilegeLevel, uint guestSvn = 0, ulong tcbVersion = 0)
    {
        Root = root;
        Fields = fields;
        PrivilegeLevel = privilegeLevel;
        GuestSvn = guestSvn;
        TcbVersion = tcbVersion;
    }

    public SealingKeyRoot Root { get; }

    public SealingKeyFields Fields { get; }

    /// <summary>VMPL mixed in; not below the guest's own.</summary>
    public uint PrivilegeLevel { get; }

    /// <summary>Guest SVN mixed in; at most that of the guest's ID block, so that newer software can have the keys of older software and not the other way round.</summary>
    public uint GuestSvn { get; }

    /// <summary>TCB version mixed in; no part above the platform's committed one, for the same reason.</summary>
    public ulong TcbVersion { get; }

    /// <summary>Writes MSG_KEY_REQ, 32 bytes.</summary>
    public void WriteTo(Span<byte> question)
    {
        question.Slice(0, AttestationDevice.KeyQuestionSize).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(question, (uint)Root);
        BinaryPrimitives.WriteUInt64LittleEndian(question.Slice(8), (ulong)Fields);
        BinaryPrimitives.WriteUInt32LittleEndian(question.Slice(16), PrivilegeLevel);
        BinaryPrimitives.WriteUInt32LittleEndian(question.Slice(20), GuestSvn);
        BinaryPrimitives.WriteUInt64LittleEndian(question.Slice(24), TcbVersion);
    }

    /// <summary>Gets the key. False where the channel failed or the security processor refused; the key is zeros then.</summary>
    public bool TryDerive(AttestationDevice device, Span<byte> key)
    {
        Span<byte> question = stackalloc byte[AttestationDevice.KeyQuestionSize];
        Span<byte> answer = stackalloc byte[AttestationDevice.KeyAnswerSize];
        key.Clear();
        WriteTo(question);
        AttestationResult result = device.GetKey(Version, question, answer);
        bool success = result.Status == AttestationStatus.Success && BinaryPrimitives.ReadUInt32LittleEndian(answer) == 0;
        if (success)
        {
            answer.Slice(AttestationDevice.AnswerHeaderSize, KeySize).CopyTo(key);
        }

        CryptographicOperations.ZeroMemory(answer);
        return success;
    }
}

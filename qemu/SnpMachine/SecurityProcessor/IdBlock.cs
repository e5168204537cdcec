using System;
using LiteBox.SnpMachine.Cryptography;
using LiteBox.SnpMachine.Diagnosis;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>
/// The ID block: the owner's word on which launch may run (56860, tables 75 and 76). It must name the digest and the policy of this launch, the
/// ID key must have signed it, and the author key, when there is one, must have signed the ID key. Then reports carry what it says.
/// </summary>
internal static unsafe class IdBlock
{
    private const int Size = 96;
    private const int FamilyOffset = 48;
    private const int ImageOffset = 64;
    private const int VersionOffset = 80;
    private const int SvnOffset = 84;
    private const int PolicyOffset = 88;

    private const int IdAlgorithmOffset = 0;
    private const int AuthorAlgorithmOffset = 4;
    private const int BlockSignatureOffset = 0x40;
    private const int IdKeyOffset = 0x240;
    private const int KeySignatureOffset = 0x680;
    private const int AuthorKeyOffset = 0x880;
    private const uint EcdsaP384Sha384 = 1;

    // A public key: curve, X and Y, each little-endian in 72 bytes, and zeros. A signature: R and S, 72 bytes each, and zeros.
    private const int PublicKeySize = 1028;
    private const uint CurveP384 = 2;
    private const int FirstNumber = 4;
    private const int NumberField = 72;
    private const int SignatureSize = 512;

    /// <summary>What the launch breaks; <see cref="Rule.None"/> when it may finish, and the guest's structure is filled in.</summary>
    // SAFETY (of this type): all offsets are inside the fixed buffers of the configuration and of the guest.
    public static Rule Apply(MachineConfiguration* machine, LaunchedGuest* guest)
    {
        byte* block = machine->IdBlock;
        byte* authentication = machine->IdAuthentication;
        bool hasAuthor = (machine->Options & MachineOptions.AuthorKey) != 0;
        if (!IsOfThisLaunch(block, machine, guest))
        {
            return Rule.LaunchIdBlock;
        }
        if (!IsKey(authentication + IdKeyOffset, *(uint*)(authentication + IdAlgorithmOffset))
            || (hasAuthor && !IsKey(authentication + AuthorKeyOffset, *(uint*)(authentication + AuthorAlgorithmOffset))))
        {
            return Rule.LaunchIdKey;
        }
        if (!IsSigned(new ReadOnlySpan<byte>(block, Size), authentication + BlockSignatureOffset, authentication + IdKeyOffset))
        {
            return Rule.LaunchIdBlockSignature;
        }
        ReadOnlySpan<byte> idKey = new(authentication + IdKeyOffset, PublicKeySize);
        if (hasAuthor && !IsSigned(idKey, authentication + KeySignatureOffset, authentication + AuthorKeyOffset))
        {
            return Rule.LaunchIdKeySignature;
        }
        for (int i = 0; i < 16; i++)
        {
            guest->FamilyId[i] = block[FamilyOffset + i];
            guest->ImageId[i] = block[ImageOffset + i];
        }
        guest->GuestSvn = *(uint*)(block + SvnOffset);
        Sha384.Hash(idKey, new Span<byte>(guest->IdKeyDigest, Sha384.Size));
        guest->HasAuthorKey = hasAuthor;
        if (hasAuthor)
        {
            Sha384.Hash(new ReadOnlySpan<byte>(authentication + AuthorKeyOffset, PublicKeySize), new Span<byte>(guest->AuthorKeyDigest, Sha384.Size));
        }
        return Rule.None;
    }

    private static bool IsOfThisLaunch(byte* block, MachineConfiguration* machine, LaunchedGuest* guest)
    {
        for (int i = 0; i < Sha384.Size; i++)
        {
            if (block[i] != guest->Measurement[i])
            {
                return false;
            }
        }
        return *(uint*)(block + VersionOffset) == 1 && *(ulong*)(block + PolicyOffset) == machine->GuestPolicy;
    }

    private static bool IsKey(byte* key, uint algorithm) =>
        algorithm == EcdsaP384Sha384 && *(uint*)key == CurveP384 && ArePadded(key + FirstNumber, PublicKeySize - FirstNumber);

    private static bool IsSigned(ReadOnlySpan<byte> data, byte* signature, byte* key)
    {
        if (!ArePadded(signature, SignatureSize))
        {
            return false;
        }
        byte* digest = stackalloc byte[Sha384.Size];
        Sha384.Hash(data, new Span<byte>(digest, Sha384.Size));
        return P384.Verifies(Number(key + FirstNumber), Number(key + FirstNumber + NumberField), new ReadOnlySpan<byte>(digest, Sha384.Size),
            Number(signature), Number(signature + NumberField));
    }

    private static UInt384 Number(byte* field) => UInt384.FromLittleEndian(new ReadOnlySpan<byte>(field, UInt384.Size));

    // Two numbers in their fields, and zeros in all the rest.
    private static bool ArePadded(byte* bytes, int size)
    {
        for (int i = 0; i < size; i++)
        {
            bool isNumber = i < 2 * NumberField && i % NumberField < UInt384.Size;
            if (!isNumber && bytes[i] != 0)
            {
                return false;
            }
        }
        return true;
    }
}

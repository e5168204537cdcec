using System;
using LiteBox.SnpMachine.Cryptography;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>
/// The ID block: the owner's word on which launch may run (56860, tables 75 and 76). The machine compares digest and policy and takes over the
/// identities and key digests; it does not check the owner's signatures, which README.md says.
/// </summary>
internal static unsafe class IdBlock
{
    private const int FamilyOffset = 48;
    private const int ImageOffset = 64;
    private const int VersionOffset = 80;
    private const int SvnOffset = 84;
    private const int PolicyOffset = 88;
    private const int IdKeyOffset = 0x240;
    private const int AuthorKeyOffset = 0x880;
    private const int PublicKeySize = 1028;

    /// <summary>False when digest, version or policy differ from the launch.</summary>
    // SAFETY: all offsets are inside the fixed buffers of the configuration and of the guest.
    public static bool TryApply(MachineConfiguration* machine, LaunchedGuest* guest)
    {
        byte* block = machine->IdBlock;
        for (int i = 0; i < Sha384.Size; i++)
        {
            if (block[i] != guest->Measurement[i])
            {
                return false;
            }
        }
        if (*(uint*)(block + VersionOffset) != 1 || *(ulong*)(block + PolicyOffset) != machine->GuestPolicy)
        {
            return false;
        }
        for (int i = 0; i < 16; i++)
        {
            guest->FamilyId[i] = block[FamilyOffset + i];
            guest->ImageId[i] = block[ImageOffset + i];
        }
        guest->GuestSvn = *(uint*)(block + SvnOffset);
        byte* authentication = machine->IdAuthentication;
        Sha384.Hash(new ReadOnlySpan<byte>(authentication + IdKeyOffset, PublicKeySize), new Span<byte>(guest->IdKeyDigest, Sha384.Size));
        if ((machine->Options & MachineOptions.AuthorKey) != 0)
        {
            guest->HasAuthorKey = true;
            Sha384.Hash(new ReadOnlySpan<byte>(authentication + AuthorKeyOffset, PublicKeySize), new Span<byte>(guest->AuthorKeyDigest, Sha384.Size));
        }
        return true;
    }
}

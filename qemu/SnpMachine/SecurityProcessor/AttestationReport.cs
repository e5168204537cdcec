using System;
using LiteBox.SnpMachine.Cryptography;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>Builds and signs the attestation report, 0x4A0 bytes, in versions 2, 3 and 5 (56860, table 23).</summary>
internal static unsafe class AttestationReport
{
    public const int Size = 0x4A0;

    private const int SignedSize = 0x2A0;
    private const uint EcdsaP384WithSha384 = 1;
    private const int FieldSize = 72;

    /// <summary>False when the configured VCEK key is not usable. <paramref name="report"/> has <see cref="Size"/> bytes.</summary>
    // SAFETY: every offset is a constant below Size, from the table of the specification.
    public static bool TryBuild(byte* report, MachineConfiguration* machine, LaunchedGuest* guest, ReadOnlySpan<byte> reportData, uint vmpl)
    {
        for (int i = 0; i < Size; i++)
        {
            report[i] = 0;
        }
        *(uint*)report = machine->ReportVersion;
        *(uint*)(report + 0x004) = guest->GuestSvn;
        *(ulong*)(report + 0x008) = machine->GuestPolicy;
        Copy(report + 0x010, guest->FamilyId, 16);
        Copy(report + 0x020, guest->ImageId, 16);
        *(uint*)(report + 0x030) = vmpl;
        *(uint*)(report + 0x034) = EcdsaP384WithSha384;
        *(ulong*)(report + 0x038) = machine->CurrentTcb;
        *(ulong*)(report + 0x040) = machine->PlatformInfo;
        *(uint*)(report + 0x048) = guest->HasAuthorKey ? 1u : 0u;
        for (int i = 0; i < 64; i++)
        {
            report[0x050 + i] = reportData[i];
        }
        Copy(report + 0x090, guest->Measurement, Sha384.Size);
        Copy(report + 0x0C0, machine->HostData, 32);
        Copy(report + 0x0E0, guest->IdKeyDigest, Sha384.Size);
        Copy(report + 0x110, guest->AuthorKeyDigest, Sha384.Size);
        Copy(report + 0x140, guest->ReportId, 32);
        for (int i = 0; i < 32; i++)
        {
            report[0x160 + i] = 0xFF;
        }
        *(ulong*)(report + 0x180) = machine->ReportedTcb;
        if (machine->ReportVersion >= 3)
        {
            report[0x188] = (byte)machine->ReportedCpu;
            report[0x189] = (byte)(machine->ReportedCpu >> 8);
            report[0x18A] = (byte)(machine->ReportedCpu >> 16);
        }
        if ((machine->Options & MachineOptions.MaskChipId) == 0)
        {
            Copy(report + 0x1A0, machine->ChipId, 64);
        }
        *(ulong*)(report + 0x1E0) = machine->CommittedTcb;
        WriteVersion(report + 0x1E8, machine->CurrentVersion);
        WriteVersion(report + 0x1EC, machine->CommittedVersion);
        *(ulong*)(report + 0x1F0) = machine->LaunchTcb;
        if (machine->ReportVersion >= 5)
        {
            *(ulong*)(report + 0x1F8) = machine->LaunchMitigations;
            *(ulong*)(report + 0x200) = machine->CurrentMitigations;
        }
        return TrySign(report, machine);
    }

    private static bool TrySign(byte* report, MachineConfiguration* machine)
    {
        byte* digest = stackalloc byte[Sha384.Size];
        // SAFETY: the spans cover the stack buffer, the report's fields and the key in the configuration, each of the size said.
        Span<byte> digestBytes = new(digest, Sha384.Size);
        Sha384.Hash(new ReadOnlySpan<byte>(report, SignedSize), digestBytes);
        if (!P384.TrySign(new ReadOnlySpan<byte>(machine->VcekKey, UInt384.Size), digestBytes, out UInt384 r, out UInt384 s))
        {
            return false;
        }
        r.ToLittleEndian(new Span<byte>(report + SignedSize, FieldSize));
        s.ToLittleEndian(new Span<byte>(report + SignedSize + FieldSize, FieldSize));
        return true;
    }

    private static void WriteVersion(byte* field, uint version)
    {
        field[0] = (byte)version;
        field[1] = (byte)(version >> 8);
        field[2] = (byte)(version >> 16);
    }

    private static void Copy(byte* to, byte* from, int size)
    {
        for (int i = 0; i < size; i++)
        {
            to[i] = from[i];
        }
    }
}

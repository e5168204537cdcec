using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LiteBox.Attestation;

/// <summary>Writes a report field by field and signs it: for tests, and for machines in software that answer MSG_REPORT_REQ.</summary>
public sealed class ReportBuilder
{
    private readonly byte[] bytes = new byte[AttestationReport.Size];

    /// <summary>Starts a report with what every well-formed one has.</summary>
    /// <param name="version">VERSION.</param>
    /// <param name="cpu">The processor, for versions from 3 on.</param>
    public ReportBuilder(uint version, CpuIdentity? cpu)
    {
        U32(0x000, version);
        U32(0x034, 1);
        Set(0x160, Enumerable.Repeat((byte)0xFF, 32).ToArray());
        Policy = new(0x30000);
        if (cpu is { } identity)
        {
            Set(0x188, [identity.Family, identity.Model, identity.Stepping]);
        }
    }

    /// <summary>GUEST_SVN.</summary>
    public uint GuestSvn { set => U32(0x004, value); }

    /// <summary>POLICY.</summary>
    public GuestPolicy Policy { set => U64(0x008, value.Raw); }

    /// <summary>VMPL.</summary>
    public uint Vmpl { set => U32(0x030, value); }

    /// <summary>PLATFORM_INFO.</summary>
    public PlatformInfo PlatformInfo { set => U64(0x040, value.Raw); }

    /// <summary>KEY_INFO.</summary>
    public KeyInfo KeyInfo { set => U32(0x048, value.Raw); }

    /// <summary>REPORT_DATA, up to 64 bytes.</summary>
    public byte[] ReportData { set => Set(0x050, value); }

    /// <summary>MEASUREMENT, 48 bytes.</summary>
    public byte[] Measurement { set => Set(0x090, value); }

    /// <summary>HOST_DATA, 32 bytes.</summary>
    public byte[] HostData { set => Set(0x0C0, value); }

    /// <summary>ID_KEY_DIGEST, 48 bytes.</summary>
    public byte[] IdKeyDigest { set => Set(0x0E0, value); }

    /// <summary>AUTHOR_KEY_DIGEST, 48 bytes.</summary>
    public byte[] AuthorKeyDigest { set => Set(0x110, value); }

    /// <summary>CHIP_ID, 64 bytes or 8.</summary>
    public byte[] ChipId { set => Set(0x1A0, value); }

    /// <summary>All four TCB versions at once.</summary>
    public TcbVersion Tcb
    {
        set
        {
            CurrentTcb = value;
            ReportedTcb = value;
            CommittedTcb = value;
            LaunchTcb = value;
        }
    }

    /// <summary>CURRENT_TCB.</summary>
    public TcbVersion CurrentTcb { set => U64(0x038, value.Raw); }

    /// <summary>REPORTED_TCB.</summary>
    public TcbVersion ReportedTcb { set => U64(0x180, value.Raw); }

    /// <summary>COMMITTED_TCB.</summary>
    public TcbVersion CommittedTcb { set => U64(0x1E0, value.Raw); }

    /// <summary>LAUNCH_TCB.</summary>
    public TcbVersion LaunchTcb { set => U64(0x1F0, value.Raw); }

    /// <summary>Firmware, current and committed.</summary>
    public FirmwareVersion Firmware
    {
        set
        {
            Set(0x1E8, [value.Build, value.Minor, value.Major]);
            Set(0x1EC, [value.Build, value.Minor, value.Major]);
        }
    }

    /// <summary>Any bytes anywhere, for reports that must be refused.</summary>
    public void Set(int offset, ReadOnlySpan<byte> value) => value.CopyTo(bytes.AsSpan(offset));

    /// <summary>Signs what is written so far and answers with the 1184 bytes.</summary>
    /// <param name="key">The key of the VCEK or VLEK, on P-384.</param>
    public byte[] Sign(ECDsa key)
    {
        ReportSignature.Sign(bytes.AsSpan(0, AttestationReport.SignedSize), key, bytes.AsSpan(AttestationReport.SignedSize));
        return [.. bytes];
    }

    private void U32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    private void U64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);
}

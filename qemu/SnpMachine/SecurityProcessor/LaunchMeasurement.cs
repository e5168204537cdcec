using System;
using LiteBox.SnpMachine.Cryptography;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>How a page enters the launch (SNP ABI 56860, SNP_LAUNCH_UPDATE).</summary>
internal enum LaunchPageType : byte
{
    Normal = 1,
    Vmsa = 2,
    Zero = 3,
    Unmeasured = 4,
    Secrets = 5,
    Cpuid = 6,
}

/// <summary>
/// The launch digest: a chain of SHA-384 over one PAGE_INFO structure of 0x70 bytes for each page, starting at zeros
/// (56860, section 8.17.2).
/// </summary>
internal unsafe struct LaunchMeasurement
{
    /// <summary>Where every VMSA page is said to be.</summary>
    public const ulong VmsaAddress = 0xFFFF_FFFF_F000;

    private const int InfoSize = 0x70;

    private fixed byte _digest[Sha384.Size];

    /// <summary>
    /// Extends the digest by a page. <paramref name="page"/> has 4096 bytes; it is not looked at where contents do not count.
    /// <paramref name="granted"/> is what the levels below VMPL0 may do with it.
    /// </summary>
    public void Extend(LaunchPageType type, ulong address, byte* page, VmplPermissions granted = VmplPermissions.None)
    {
        byte* info = stackalloc byte[InfoSize];
        // SAFETY: all spans cover memory that is named beside them: the structure on the stack, the page, and the pinned digest.
        Span<byte> bytes = new(info, InfoSize);
        bytes.Clear();
        for (int i = 0; i < Sha384.Size; i++)
        {
            info[i] = _digest[i];
        }
        if (type is LaunchPageType.Normal or LaunchPageType.Vmsa)
        {
            Sha384.Hash(new ReadOnlySpan<byte>(page, (int)PhysicalLayout.PageSize), bytes.Slice(0x30, Sha384.Size));
        }
        info[0x60] = InfoSize;
        info[0x62] = (byte)type;
        for (int vmpl = 0; vmpl < 3; vmpl++)
        {
            info[0x64 + vmpl] = (byte)granted;
        }
        *(ulong*)(info + 0x68) = address;
        fixed (byte* digest = _digest)
        {
            Sha384.Hash(bytes, new Span<byte>(digest, Sha384.Size));
        }
    }

    /// <summary>Writes the 48 bytes of the digest.</summary>
    public readonly void CopyTo(Span<byte> digest)
    {
        for (int i = 0; i < Sha384.Size; i++)
        {
            digest[i] = _digest[i];
        }
    }
}

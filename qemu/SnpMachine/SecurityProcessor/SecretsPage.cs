using System;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>The secrets page of the launch (56860, section 8.17.2.5): the keys of the guest's message channel, and little else.</summary>
internal static unsafe class SecretsPage
{
    public const int KeyCount = 4;

    private const uint Version = 3;
    private const int FamilyModelStepping = 0x08;
    private const int FirstKey = 0x20;
    private const int KeySize = 32;

    /// <summary>Fills in a zeroed page.</summary>
    public static void Fill(byte* page, ReadOnlySpan<byte> seed, uint cpuSignature)
    {
        *(uint*)page = Version;
        *(uint*)(page + FamilyModelStepping) = cpuSignature;
        for (int i = 0; i < KeyCount; i++)
        {
            // SAFETY: key i is 32 bytes inside the page.
            Key(seed, i, new Span<byte>(page + FirstKey + KeySize * i, KeySize));
        }
    }

    /// <summary>VM platform communication key <paramref name="index"/>.</summary>
    public static void Key(ReadOnlySpan<byte> seed, int index, Span<byte> key) => KeyDerivation.Derive(seed, "VMPCK"u8, (byte)index, key);
}

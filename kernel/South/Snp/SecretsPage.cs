using System;
using System.Security.Cryptography;

namespace LiteBox.South.Snp;

/// <summary>
/// The page in which the security processor leaves a launch its message keys (56860, 8.17.2.5, page type SECRETS). It is read once, and the keys
/// in it are zeroed (T61); the counts of messages stay, where all who use a key keep them.
/// </summary>
internal unsafe struct SecretsPage
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    private const int KeysOffset = 0x20;
    private const int KeyCount = 4;
    private const int CountsOffset = 0xA0;

    private byte* page;

    /// <param name="page">The page, 4096 bytes of the guest's private memory that nobody else uses.</param>
    public SecretsPage(byte* page) => this.page = page;

    /// <summary>Messages so far under a key.</summary>
    // SAFETY: a word of the page; the number is 0 to 3.
    public readonly uint* SequenceCount(int key) => (uint*)(page + CountsOffset) + key;

    /// <summary>Takes the key and zeroes all of them. False where it is not there: who started this guest kept it, as the paravisor of a cloud does.</summary>
    // SAFETY: the keys are 128 bytes of the page.
    public readonly bool TryTakeKey(int key, Span<byte> destination)
    {
        Span<byte> keys = new(page + KeysOffset, KeyCount * KeySize);
        keys.Slice(key * KeySize, KeySize).CopyTo(destination);
        CryptographicOperations.ZeroMemory(keys);
        return destination.IndexOfAnyExcept((byte)0) >= 0;
    }
}

using System;

namespace LiteBox.South.Snp;

/// <summary>Who carries guest messages to the security processor and back. He cannot read them, but may keep, change, repeat or invent them.</summary>
internal abstract class GuestMessageHost
{
    /// <summary>Shows a message, asks the host to carry it, and copies what lies in the answer's place, once. False: the host refused the request itself.</summary>
    /// <param name="hostAnswer">EXITINFO2: 0, or who failed and why.</param>
    public abstract bool TryCarry(ReadOnlySpan<byte> request, Span<byte> response, out ulong hostAnswer);

    /// <summary>The same by the extended request, for certificates of up to <paramref name="pages"/> pages; where they need more, that many.</summary>
    public abstract bool TryCarryExtended(ReadOnlySpan<byte> request, Span<byte> response, ref ulong pages, out ulong hostAnswer);

    /// <summary>Copies the certificates that the last extended request brought.</summary>
    public abstract void CopyCertificates(Span<byte> destination);

    /// <summary>Lets two seconds pass, as Linux does before it asks a busy host again.</summary>
    public abstract void WaitBeforeRetry();
}

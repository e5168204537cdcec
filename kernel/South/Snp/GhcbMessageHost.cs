using System;
using LiteBox.Platform;

namespace LiteBox.South.Snp;

/// <summary>The host of the machine as a carrier of guest messages (56421, 4.1.7 and 4.1.8), over six shared pages: message, answer, certificates.</summary>
internal sealed class GhcbMessageHost : GuestMessageHost
{
    /// <summary>Shared pages that it takes. As many for certificates as Linux has (SEV_FW_BLOB_MAX_SIZE).</summary>
    public const int PageCount = 2 + (AttestationDevice.CertificatesLimit / GuestMessage.Size);

    private const int ResponseOffset = GuestMessage.Size;
    private const int CertificatesOffset = 2 * GuestMessage.Size;
    private const ulong RetryDelay = 2_000_000_000; // nanoseconds

    private readonly Ghcb ghcb;
    private readonly SharedPages pages;
    private readonly Scheduler scheduler;
    private readonly Clock clock;
    private readonly WaitQueue retries = new();

    public GhcbMessageHost(Ghcb ghcb, SharedPages pages, Scheduler scheduler, Clock clock)
    {
        this.ghcb = ghcb;
        this.pages = pages;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /// <inheritdoc/>
    public override bool TryCarry(ReadOnlySpan<byte> request, Span<byte> response, out ulong hostAnswer)
    {
        Show(request);
        bool success = ghcb.TryGuestRequest(AddressOf(0), AddressOf(ResponseOffset), out hostAnswer);
        pages.CopyTo(ResponseOffset, response);
        return success;
    }

    /// <inheritdoc/>
    public override bool TryCarryExtended(ReadOnlySpan<byte> request, Span<byte> response, ref ulong pageCount, out ulong hostAnswer)
    {
        Show(request);
        bool success = ghcb.TryExtendedGuestRequest(AddressOf(0), AddressOf(ResponseOffset), AddressOf(CertificatesOffset), ref pageCount, out hostAnswer);
        pages.CopyTo(ResponseOffset, response);
        return success;
    }

    /// <inheritdoc/>
    public override void CopyCertificates(Span<byte> destination) => pages.CopyTo(CertificatesOffset, destination);

    /// <inheritdoc/>
    public override void WaitBeforeRetry() => scheduler.Wait(retries, clock.Monotonic + RetryDelay, WaitKind.Uninterruptible);

    /// <summary>Old answers and certificates are not there to be taken for new ones. What is shown is encrypted.</summary>
    private void Show(ReadOnlySpan<byte> request)
    {
        pages.Clear();
        pages.CopyFrom(0, request);
    }

    private ulong AddressOf(int offset) => pages.Address.Value + (ulong)offset;
}

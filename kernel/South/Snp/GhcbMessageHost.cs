using System;
using LiteBox.Platform;

namespace LiteBox.South.Snp;

/// <summary>The host of the machine as a carrier of guest messages (56421, 4.1.7 and 4.1.8).</summary>
internal sealed unsafe class GhcbMessageHost : GuestMessageHost
{
    private const ulong RetryDelay = 2_000_000_000; // nanoseconds

    private readonly Ghcb ghcb;
    private readonly GuestMessagePages pages;
    private readonly Scheduler scheduler;
    private readonly Clock clock;
    private readonly WaitQueue retries = new();

    public GhcbMessageHost(Ghcb ghcb, in GuestMessagePages pages, Scheduler scheduler, Clock clock)
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
        bool success = ghcb.TryGuestRequest(pages.RequestAddress, pages.ResponseAddress, out hostAnswer);
        Take(response);
        return success;
    }

    /// <inheritdoc/>
    public override bool TryCarryExtended(ReadOnlySpan<byte> request, Span<byte> response, ref ulong pageCount, out ulong hostAnswer)
    {
        // SAFETY: the pages are this object's, shared, and as many as the structure says.
        new Span<byte>(pages.Certificates, GuestMessagePages.CertificatePages * GuestMessage.Size).Clear();
        Show(request);
        bool success = ghcb.TryExtendedGuestRequest(pages.RequestAddress, pages.ResponseAddress, pages.CertificatesAddress, ref pageCount, out hostAnswer);
        Take(response);
        return success;
    }

    /// <inheritdoc/>
    // SAFETY: as above; the host may write while this reads, and the copy is what counts.
    public override void CopyCertificates(Span<byte> destination) =>
        new ReadOnlySpan<byte>(pages.Certificates, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    public override void WaitBeforeRetry() => scheduler.Wait(retries, clock.Monotonic + RetryDelay, WaitKind.Uninterruptible);

    // SAFETY (both): whole pages of this object's. What is shown is encrypted.
    private void Show(ReadOnlySpan<byte> request)
    {
        request.CopyTo(new Span<byte>(pages.Request, GuestMessage.Size));
        new Span<byte>(pages.Response, GuestMessage.Size).Clear();
    }

    private void Take(Span<byte> response) => new ReadOnlySpan<byte>(pages.Response, GuestMessage.Size).CopyTo(response);
}

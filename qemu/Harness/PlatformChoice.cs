namespace LiteBox.Qemu;

/// <summary>On what kind of machine an image is run.</summary>
public enum Platform
{
    /// <summary>A real SNP guest where the host can, else one in the SNP machine.</summary>
    Auto,

    /// <summary>A real SNP guest: KVM on an EPYC host.</summary>
    Snp,

    /// <summary>An SNP guest in software, on any computer.</summary>
    SnpMachine,

    /// <summary>An ordinary computer, interpreted.</summary>
    Plain,
}

/// <summary>The machine for a run, and why it is that one.</summary>
/// <param name="Platform">One that is not <see cref="Platform.Auto"/>.</param>
/// <param name="Reason">For the log.</param>
/// <param name="Obstacle">Why it cannot be had, and what to do, in one line; null when it can.</param>
public sealed record PlatformChoice(Platform Platform, string Reason, string? Obstacle = null)
{
    private const string CountedBySoftware = "only the interpreter counts instructions";

    /// <summary>Decides.</summary>
    /// <param name="wanted">What the user asked for.</param>
    /// <param name="host">What this computer has.</param>
    /// <param name="countInstructions">Whether instructions are to be time.</param>
    public static PlatformChoice Of(Platform wanted, SnpSupport host, bool countInstructions) => wanted switch
    {
        Platform.Auto when countInstructions => new(Platform.SnpMachine, CountedBySoftware),
        Platform.Auto when host.Missing is { } missing => new(Platform.SnpMachine, $"no SNP hardware to use here: {missing}"),
        Platform.Auto => new(Platform.Snp, "this host runs SNP guests"),
        Platform.Snp when countInstructions => new(wanted, "", $"{CountedBySoftware}: --platform snp-machine or plain"),
        Platform.Snp when host.Missing is { } missing => new(wanted, "", $"{missing} ({host.Remedy}); --platform snp-machine runs the same image anywhere"),
        _ => new(wanted, "as asked for"),
    };
}

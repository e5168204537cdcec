using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>What the exit codes of every command mean. Scripts may rely on them; only 0 is trust.</summary>
internal static class ExitCode
{
    /// <summary>Done; with verify and azure: every check passed.</summary>
    internal const int Success = 0;

    /// <summary>The evidence is genuine and not what the policy wants.</summary>
    internal const int PolicyFailed = 1;

    /// <summary>The command line is wrong.</summary>
    internal const int Usage = 2;

    /// <summary>An input is not what it should be: size, layout, reserved bits, syntax.</summary>
    internal const int Malformed = 3;

    /// <summary>A file cannot be read or written.</summary>
    internal const int File = 4;

    /// <summary>The evidence does not come from where it says: signature, chain, chip, TCB, revocation, time.</summary>
    internal const int NotAuthentic = 5;

    /// <summary>Something that the verification needs is missing, for example a certificate.</summary>
    internal const int EvidenceMissing = 6;

    /// <summary>The network, or the service behind it, did not answer as it should.</summary>
    internal const int Network = 7;

    /// <summary>The table for the help of every command.</summary>
    internal const string Help = """
        Exit codes:
          0 done, every check passed     4 a file cannot be read or written
          1 the policy is not met        5 the evidence is not authentic
          2 wrong command line           6 evidence is missing
          3 malformed input              7 the network did not answer
        """;

    /// <summary>The code for the gravest failure of a verification.</summary>
    internal static int Of(VerificationResult result) => Of(result.Failure);

    /// <summary>The code for a kind of failure; success when there is none.</summary>
    internal static int Of(CheckKind? failure) => failure switch
    {
        null => Success,
        CheckKind.Format => Malformed,
        CheckKind.Evidence => EvidenceMissing,
        CheckKind.Authenticity => NotAuthentic,
        _ => PolicyFailed,
    };
}

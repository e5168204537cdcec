using LiteBox.Attestation;

namespace LiteBox.CommandLine;

/// <summary>Ends a command with one line on the error stream and an exit code. Thrown in a command, caught in <see cref="CommandRunner"/> only.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    /// <summary>How the process ends.</summary>
    internal int ExitCode { get; } = exitCode;

    /// <summary>A wrong option, with its fix.</summary>
    internal static CommandFailure Usage(string option, string message) => new(CommandLine.ExitCode.Usage, $"{option}: {message}");

    /// <summary>A file with wrong content: names the file, the place and the fix.</summary>
    internal static CommandFailure Malformed(string file, FormatError error) =>
        new(CommandLine.ExitCode.Malformed, error.Subject.StartsWith(file, StringComparison.Ordinal) ? error.ToString() : $"{file}: {error}");
}

namespace LiteBox.North.Processes;

/// <summary>The status words of wait(2).</summary>
internal static class WaitStatuses
{
    /// <summary>The process called exit with this code.</summary>
    public static int Exited(int code) => (code & 0xFF) << 8;

    /// <summary>A signal ended the process. There are no core dumps, so bit 7 is never set.</summary>
    public static int Killed(int signal) => signal;

    /// <summary>A signal stopped the process.</summary>
    public static int Stopped(int signal) => signal << 8 | 0x7F;

    /// <summary>SIGCONT continued the process.</summary>
    public const int Continued = 0xFFFF;

    public static bool IsExit(int status) => (status & 0x7F) == 0;

    public static int ExitCode(int status) => status >> 8 & 0xFF;

    public static int Signal(int status) => status & 0x7F;
}

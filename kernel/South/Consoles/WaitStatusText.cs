using LiteBox.South.Stops;

namespace LiteBox.South.Consoles;

/// <summary>The console's last line: how the first process ended. The harness reads it.</summary>
internal static class WaitStatusText
{
    private const int SignalMask = 0x7F;

    /// <summary>What a shell would call it: the exit status, or 128 and the signal.</summary>
    internal static byte ShellStatus(int waitStatus)
    {
        int signal = waitStatus & SignalMask;
        return (byte)(signal == 0 ? waitStatus >> 8 : 128 + signal);
    }

    /// <summary>Says what a status of wait(2) means.</summary>
    internal static void Write(ref LineWriter line, int waitStatus)
    {
        int signal = waitStatus & SignalMask;
        if (signal == 0)
        {
            line.Write("litebox: workload exited with status "u8);
            line.WriteDecimal((uint)(waitStatus >> 8) & 0xFF);
        }
        else
        {
            line.Write("litebox: workload killed by signal "u8);
            line.WriteDecimal((uint)signal);
        }

        line.Write("\r\n"u8);
    }
}

using System;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Signals;

namespace LiteBox.North.Terminals;

// What ioctl(2) changes.
internal sealed partial class Terminal
{
    /// <summary>struct winsize as one number: rows, columns, and pixels, 16 bits each.</summary>
    public ulong WindowSize { get; private set; }

    /// <summary>Bytes that the line has not taken yet (TIOCOUTQ).</summary>
    public int OutputPending => output.Pending;

    /// <summary>Takes new settings; input typed under the old ones is kept as far as the new mode can show it, or thrown away.</summary>
    public void ChangeSettings(ReadOnlySpan<byte> settings, bool flushes)
    {
        if (flushes)
        {
            FlushInput();
        }

        bool wasCanonical = line.IsLineMode;
        bool hadFlowControl = Settings.HasInput(InputFlags.IXON);
        Settings.Read(settings);
        line.OnModeChange(wasCanonical);
        if (hadFlowControl && !Settings.HasInput(InputFlags.IXON) && IsStopped)
        {
            SetStopped(false);
        }

        DrainBacklog();
        WakeReaders();
    }

    /// <summary>Another size: the foreground group hears of it (SIGWINCH).</summary>
    public void SetWindowSize(ulong size)
    {
        if (size == WindowSize)
        {
            return;
        }

        WindowSize = size;
        if (ForegroundGroup is { } group)
        {
            SignalSending.SendToGroup(group, SignalInfo.FromKernel(SignalNumber.SIGWINCH));
        }
    }

    /// <summary>TCFLSH: TCIFLUSH (0), TCOFLUSH (1), both (2).</summary>
    public Errno Flush(int which)
    {
        if ((uint)which > 2)
        {
            return Errno.EINVAL;
        }

        if (which != 1)
        {
            FlushInput();
        }

        if (which != 0)
        {
            processor.DropEcho();
        }

        return Errno.None;
    }

    /// <summary>TCXONC: stop (0) and start (1) output; sending ^S (2) and ^Q (3) to the other side.</summary>
    public Errno SetFlow(int action)
    {
        switch (action)
        {
            case 0 or 1:
                SetStopped(action == 0);
                return Errno.None;
            case 2 or 3:
                byte character = Settings[action == 2 ? ControlCharacter.VSTOP : ControlCharacter.VSTART];
                if (character != 0)
                {
                    processor.EchoUnprocessed(character);
                    processor.FlushEcho();
                }

                return Errno.None;
            default:
                return Errno.EINVAL;
        }
    }

    /// <summary>tcdrain(3): waits until the line has sent everything.</summary>
    public Errno WaitUntilSent(Task task)
    {
        while (output.Pending > 0 && !IsHungUp)
        {
            Errno error = task.Wait(output.Ready);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    }

    private void FlushInput()
    {
        backlogCount = 0;
        line.Flush();
    }
}

using System;
using LiteBox.North.Signals;
using static LiteBox.North.Terminals.ControlCharacter;

namespace LiteBox.North.Terminals;

/// <summary>Who is told about what the line discipline finds in the input.</summary>
internal abstract class LineEvents
{
    /// <summary>^C and its kin: a signal for the foreground group.</summary>
    public abstract void Signal(int signal);

    /// <summary>^S and ^Q.</summary>
    public abstract void SetStopped(bool isStopped);
}

/// <summary>
/// The input side of Linux's line discipline N_TTY (drivers/tty/n_tty.c; termios(3)): editing and echo in canonical mode, special
/// characters, and a buffer that programs read from. Nothing here waits or allocates.
/// </summary>
internal sealed class LineDiscipline
{
    /// <summary>Bytes that can wait for a reader (N_TTY_BUF_SIZE): the longest line is one less.</summary>
    public const uint Capacity = 4096;

    /// <summary>What stands in the buffer for an end of file that was typed (__DISABLED_CHAR).</summary>
    private const byte EndOfFileMark = 0;

    private readonly TerminalSettings settings;
    private readonly OutputProcessor echo;
    private readonly LineEvents events;
    private readonly byte[] buffer = new byte[Capacity];
    private readonly bool[] lineEnds = new bool[Capacity];

    // Counters that run freely; the place in the buffer is the remainder. tail <= lineStart <= head.
    private uint head;
    private uint lineStart;
    private uint tail;
    private bool isNextLiteral;

    public LineDiscipline(TerminalSettings settings, OutputProcessor echo, LineEvents events)
    {
        this.settings = settings;
        this.echo = echo;
        this.events = events;
    }

    /// <summary>Bytes of finished lines in canonical mode, typed ends of file included; all bytes otherwise.</summary>
    public int AvailableCount => (int)(IsCanonical ? lineStart - tail : head - tail);

    /// <summary>True where a read need not wait: a line, or a byte.</summary>
    public bool HasInput => AvailableCount > 0;

    /// <summary>Bytes that reads will give (FIONREAD): typed ends of file do not count.</summary>
    public int ReadableCount
    {
        get
        {
            int count = AvailableCount;
            for (uint i = tail; IsCanonical && i != lineStart; i++)
            {
                uint index = i % Capacity;
                if (lineEnds[index] && buffer[index] == EndOfFileMark)
                {
                    count--;
                }
            }

            return count;
        }
    }

    /// <summary>True where no more input fits and none of it can be read away by editing.</summary>
    public bool IsFull => head - tail >= Capacity && !(IsCanonical && lineStart == tail);

    private bool IsCanonical => settings.HasLocal(LocalFlags.ICANON);

    /// <summary>Takes one byte from the line. The caller sends the echo.</summary>
    public void Receive(byte value)
    {
        if (settings.HasInput(InputFlags.ISTRIP))
        {
            value &= 0x7F;
        }

        if (settings.HasInput(InputFlags.IUCLC) && settings.HasLocal(LocalFlags.IEXTEN))
        {
            value = Latin1.ToLower(value);
        }

        if (isNextLiteral)
        {
            isNextLiteral = false;
            EchoTyped(value);
            Put(value);
            return;
        }

        if (settings.HasInput(InputFlags.IXON) && ReceiveFlowControl(value))
        {
            return;
        }

        if (settings.HasLocal(LocalFlags.ISIG) && ReceiveSignal(value))
        {
            return;
        }

        bool isReturn = false;
        if (value == (byte)'\r')
        {
            if (settings.HasInput(InputFlags.IGNCR))
            {
                return;
            }

            if (settings.HasInput(InputFlags.ICRNL))
            {
                value = (byte)'\n';
                isReturn = true;
            }
        }
        else if (value == (byte)'\n' && settings.HasInput(InputFlags.INLCR))
        {
            value = (byte)'\r';
        }

        if (IsCanonical && ReceiveEditing(value))
        {
            return;
        }

        if (isReturn && settings.HasLocal(LocalFlags.ECHO))
        {
            echo.Echo(value); // a line end; a newline as such is echoed as ^J here
        }
        else
        {
            EchoTyped(value);
        }

        Put(value);
    }

    /// <summary>
    /// Takes bytes for a reader: in canonical mode one line (or as much of it as fits), otherwise what there is. A typed end of file ends a line and
    /// is not shown. <paramref name="isLineEnd"/>: the line ended.
    /// </summary>
    public int Read(Span<byte> destination, out bool isLineEnd)
    {
        isLineEnd = false;
        int count = 0;
        bool isCanonical = IsCanonical;
        uint end = isCanonical ? lineStart : head;
        while (tail != end)
        {
            uint index = tail % Capacity;
            byte value = buffer[index];
            if (isCanonical && lineEnds[index])
            {
                if (value != EndOfFileMark)
                {
                    if (count == destination.Length)
                    {
                        break;
                    }

                    destination[count++] = value;
                }

                lineEnds[index] = false;
                tail++;
                isLineEnd = true;
                break;
            }

            if (count == destination.Length)
            {
                break;
            }

            lineEnds[index] = false;
            destination[count++] = value;
            tail++;
        }

        return count;
    }

    /// <summary>Throws away all input (TCFLSH).</summary>
    public void Flush()
    {
        head = 0;
        lineStart = 0;
        tail = 0;
        lineEnds.AsSpan().Clear();
    }

    /// <summary>
    /// The settings changed between canonical and raw mode (n_tty_set_termios): what is in the buffer becomes one finished line, or plain bytes.
    /// </summary>
    public void OnModeChange(bool wasCanonical)
    {
        if (wasCanonical == IsCanonical)
        {
            return;
        }

        lineEnds.AsSpan().Clear();
        lineStart = tail;
        if (IsCanonical && head != tail)
        {
            lineEnds[(head - 1) % Capacity] = true;
            lineStart = head;
        }

        isNextLiteral = false;
    }

    /// <summary>True where the mode is canonical now.</summary>
    public bool IsLineMode => IsCanonical;

    private bool ReceiveFlowControl(byte value)
    {
        if (settings.Is(VSTART, value))
        {
            events.SetStopped(false);
            return true;
        }

        if (settings.Is(VSTOP, value))
        {
            events.SetStopped(true);
            return true;
        }

        if (settings.HasInput(InputFlags.IXANY))
        {
            events.SetStopped(false);
        }

        return false;
    }

    private bool ReceiveSignal(byte value)
    {
        int signal = 0;
        if (settings.Is(VINTR, value))
        {
            signal = SignalNumber.SIGINT;
        }
        else if (settings.Is(VQUIT, value))
        {
            signal = SignalNumber.SIGQUIT;
        }
        else if (settings.Is(VSUSP, value))
        {
            signal = SignalNumber.SIGTSTP;
        }

        if (signal == 0)
        {
            return false;
        }

        if (!settings.HasLocal(LocalFlags.NOFLSH))
        {
            echo.DropEcho();
            Flush();
        }

        events.Signal(signal);
        if (settings.HasInput(InputFlags.IXON))
        {
            events.SetStopped(false);
        }

        if (settings.HasLocal(LocalFlags.ECHO))
        {
            echo.EchoVisibly(value);
        }

        return true;
    }

    private bool ReceiveEditing(byte value)
    {
        bool isExtended = settings.HasLocal(LocalFlags.IEXTEN);
        if (settings.Is(VERASE, value) || settings.Is(VKILL, value) || (isExtended && settings.Is(VWERASE, value)))
        {
            Erase(value);
            return true;
        }

        if (isExtended && settings.Is(VLNEXT, value))
        {
            isNextLiteral = true;
            if (settings.HasLocal(LocalFlags.ECHO) && settings.HasLocal(LocalFlags.ECHOCTL))
            {
                echo.EchoUnprocessed((byte)'^');
                echo.EchoUnprocessed((byte)'\b');
            }

            return true;
        }

        if (isExtended && settings.HasLocal(LocalFlags.ECHO) && settings.Is(VREPRINT, value))
        {
            Reprint(value);
            return true;
        }

        if (value == (byte)'\n')
        {
            if (settings.HasLocal(LocalFlags.ECHO) || settings.HasLocal(LocalFlags.ECHONL))
            {
                echo.Echo(value);
            }

            EndLine(value);
            return true;
        }

        if (settings.Is(VEOF, value))
        {
            EndLine(EndOfFileMark);
            return true;
        }

        if (settings.Is(VEOL, value) || (isExtended && settings.Is(VEOL2, value)))
        {
            EchoTyped(value);
            EndLine(value);
            return true;
        }

        return false;
    }

    private void EchoTyped(byte value)
    {
        if (!settings.HasLocal(LocalFlags.ECHO))
        {
            return;
        }

        if (lineStart == head)
        {
            echo.LineStartColumn = echo.Column;
        }

        echo.EchoVisibly(value);
    }

    private void Put(byte value)
    {
        if (head - tail >= Capacity)
        {
            if (!IsCanonical || lineStart != tail)
            {
                return;
            }

            head--; // a line that is too long: its last byte is replaced
        }

        uint index = head % Capacity;
        buffer[index] = value;
        lineEnds[index] = false;
        head++;
    }

    private void EndLine(byte value)
    {
        if (head - tail >= Capacity)
        {
            if (lineStart != tail)
            {
                return;
            }

            head--;
        }

        uint index = head % Capacity;
        buffer[index] = value;
        lineEnds[index] = true;
        head++;
        lineStart = head;
    }

    private void Reprint(byte value)
    {
        echo.EchoVisibly(value);
        echo.Echo((byte)'\n');
        for (uint i = lineStart; i != head; i++)
        {
            echo.EchoVisibly(buffer[i % Capacity]);
        }
    }

    // Linux's eraser.
    private void Erase(byte value)
    {
        if (head == lineStart)
        {
            return;
        }

        bool echoes = settings.HasLocal(LocalFlags.ECHO);
        bool isCharacter = settings.Is(VERASE, value);
        bool isWord = !isCharacter && settings.Is(VWERASE, value) && !settings.Is(VKILL, value);
        if (!isCharacter && !isWord && !KillsVisibly(echoes))
        {
            return;
        }

        bool hasSeenWord = false;
        while (head != lineStart)
        {
            uint position = head;
            byte erased;
            do
            {
                position--;
                erased = buffer[position % Capacity];
            }
            while (echo.IsContinuation(erased) && position != lineStart);

            if (echo.IsContinuation(erased))
            {
                break;
            }

            if (isWord)
            {
                if (Latin1.IsAlphanumeric(erased) || erased == (byte)'_')
                {
                    hasSeenWord = true;
                }
                else if (hasSeenWord)
                {
                    break;
                }
            }

            head = position;
            if (echoes)
            {
                EchoErasure(erased, isCharacter);
            }

            if (isCharacter)
            {
                break;
            }
        }
    }

    /// <summary>Kill: false where it was done without rubbing out character by character.</summary>
    private bool KillsVisibly(bool echoes)
    {
        const uint RubsOut = LocalFlags.ECHOK | LocalFlags.ECHOKE | LocalFlags.ECHOE;
        if (!echoes)
        {
            head = lineStart;
            return false;
        }

        if ((settings.Local & RubsOut) == RubsOut)
        {
            return true;
        }

        head = lineStart;
        echo.EchoVisibly(settings[VKILL]);
        if (settings.HasLocal(LocalFlags.ECHOK))
        {
            echo.Echo((byte)'\n');
        }

        return false;
    }

    private void EchoErasure(byte erased, bool isCharacter)
    {
        if (isCharacter && !settings.HasLocal(LocalFlags.ECHOE))
        {
            echo.EchoVisibly(settings[VERASE]);
            return;
        }

        if (erased == (byte)'\t')
        {
            uint columns = CountColumnsToTab(out bool isAfterTab);
            echo.EchoTabErasure(columns, isAfterTab);
            return;
        }

        bool showsControls = settings.HasLocal(LocalFlags.ECHOCTL);
        bool isControl = Latin1.IsControl(erased);
        if (isControl && showsControls)
        {
            RubOut();
        }

        if (!isControl || showsControls)
        {
            RubOut();
        }
    }

    private void RubOut()
    {
        echo.Echo((byte)'\b');
        echo.Echo((byte)' ');
        echo.Echo((byte)'\b');
    }

    private uint CountColumnsToTab(out bool isAfterTab)
    {
        uint columns = 0;
        isAfterTab = false;
        for (uint position = head; position != lineStart;)
        {
            position--;
            byte value = buffer[position % Capacity];
            if (value == (byte)'\t')
            {
                isAfterTab = true;
                break;
            }

            if (Latin1.IsControl(value))
            {
                columns += settings.HasLocal(LocalFlags.ECHOCTL) ? 2u : 0u;
            }
            else if (!echo.IsContinuation(value))
            {
                columns++;
            }
        }

        return columns;
    }
}

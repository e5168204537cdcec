using System;
using LiteBox.Platform;

namespace LiteBox.North.Terminals;

/// <summary>
/// Output processing (OPOST and its flags, termios(3)) and the column that the cursor stands in, which erasing needs. Echo goes through a ring of its
/// own, because nobody can wait where input arrives.
/// </summary>
internal sealed class OutputProcessor
{
    /// <summary>The most bytes that one character becomes: a tab of eight spaces.</summary>
    public const int MaximumExpansion = 8;

    private const int EchoCapacity = 4096;

    private readonly TerminalSettings settings;
    private readonly TerminalOutput output;
    private readonly byte[] echo = new byte[EchoCapacity];
    private int echoStart;
    private int echoCount;

    public OutputProcessor(TerminalSettings settings, TerminalOutput output)
    {
        this.settings = settings;
        this.output = output;
        output.Ready.Add(new EchoFlusher(this));
    }

    /// <summary>The cursor's column, from 0.</summary>
    public uint Column { get; private set; }

    /// <summary>The column where the line being typed began.</summary>
    public uint LineStartColumn { get; set; }

    /// <summary>True where echo waits for room.</summary>
    public bool HasPendingEcho => echoCount > 0;

    /// <summary>True with OPOST.</summary>
    public bool IsProcessing => settings.HasOutput(OutputFlags.OPOST);

    /// <summary>Makes of one character what goes to the line (Linux's do_output_char); the result is its length.</summary>
    public int Process(byte value, Span<byte> destination)
    {
        switch (value)
        {
            case (byte)'\n':
                if (settings.HasOutput(OutputFlags.ONLRET))
                {
                    Column = 0;
                }

                if (settings.HasOutput(OutputFlags.ONLCR))
                {
                    Column = 0;
                    LineStartColumn = 0;
                    destination[0] = (byte)'\r';
                    destination[1] = (byte)'\n';
                    return 2;
                }

                LineStartColumn = Column;
                break;
            case (byte)'\r':
                if (settings.HasOutput(OutputFlags.ONOCR) && Column == 0)
                {
                    return 0;
                }

                if (settings.HasOutput(OutputFlags.OCRNL))
                {
                    value = (byte)'\n';
                    if (settings.HasOutput(OutputFlags.ONLRET))
                    {
                        Column = 0;
                        LineStartColumn = 0;
                    }

                    break;
                }

                Column = 0;
                LineStartColumn = 0;
                break;
            case (byte)'\t':
                uint spaces = 8 - (Column & 7);
                Column += spaces;
                if ((settings.Output & OutputFlags.XTABS) == OutputFlags.XTABS)
                {
                    destination.Slice(0, (int)spaces).Fill((byte)' ');
                    return (int)spaces;
                }

                break;
            case (byte)'\b':
                if (Column > 0)
                {
                    Column--;
                }

                break;
            default:
                if (!Latin1.IsControl(value))
                {
                    if (settings.HasOutput(OutputFlags.OLCUC))
                    {
                        value = Latin1.ToUpper(value);
                    }

                    if (!IsContinuation(value))
                    {
                        Column++;
                    }
                }

                break;
        }

        destination[0] = value;
        return 1;
    }

    /// <summary>True for the second and further bytes of a UTF-8 character, where the terminal is set to UTF-8.</summary>
    public bool IsContinuation(byte value) => settings.HasInput(InputFlags.IUTF8) && (value & 0xC0) == 0x80;

    /// <summary>Echoes one character, processed as output is.</summary>
    public void Echo(byte value)
    {
        if (!IsProcessing)
        {
            EchoUnprocessed(value);
            return;
        }

        Span<byte> bytes = stackalloc byte[MaximumExpansion];
        int length = Process(value, bytes);
        for (int i = 0; i < length; i++)
        {
            Enqueue(bytes[i]);
        }
    }

    /// <summary>Echoes a control character as ^X where the settings want it (ECHOCTL).</summary>
    public void EchoVisibly(byte value)
    {
        if (settings.HasLocal(LocalFlags.ECHOCTL) && Latin1.IsControl(value) && value != (byte)'\t')
        {
            Enqueue((byte)'^');
            Enqueue((byte)(value ^ 0x40));
            Column += 2;
            return;
        }

        Echo(value);
    }

    /// <summary>Echoes one character as it is, and does not count it.</summary>
    public void EchoUnprocessed(byte value) => Enqueue(value);

    /// <summary>Moves the cursor back over a tab: <paramref name="columns"/> columns of text stand before it, from the start of the line or from another tab.</summary>
    public void EchoTabErasure(uint columns, bool isAfterTab)
    {
        uint column = isAfterTab ? columns : columns + LineStartColumn;
        for (uint left = 8 - (column & 7); left > 0; left--)
        {
            Enqueue((byte)'\b');
            if (Column > 0)
            {
                Column--;
            }
        }
    }

    /// <summary>Sends what was echoed, as far as there is room.</summary>
    public void FlushEcho()
    {
        while (echoCount > 0)
        {
            int length = Math.Min(echoCount, EchoCapacity - echoStart);
            int sent = output.TryWrite(new ReadOnlySpan<byte>(echo, echoStart, length));
            echoStart = (echoStart + sent) % EchoCapacity;
            echoCount -= sent;
            if (sent < length)
            {
                return;
            }
        }
    }

    /// <summary>Throws away what was echoed and not yet sent.</summary>
    public void DropEcho() => echoCount = 0;

    private void Enqueue(byte value)
    {
        if (echoCount < EchoCapacity)
        {
            echo[(echoStart + echoCount) % EchoCapacity] = value;
            echoCount++;
        }
    }

    /// <summary>Sends more echo when the line has room again.</summary>
    private sealed class EchoFlusher : WaitEntry
    {
        private readonly OutputProcessor processor;

        public EchoFlusher(OutputProcessor processor) => this.processor = processor;

        public override void Notify() => processor.FlushEcho();
    }
}

/// <summary>Kinds of bytes as Linux's own ctype table has them (lib/ctype.c): ASCII and the letters of Latin-1.</summary>
internal static class Latin1
{
    private const int CaseDistance = 32;

    public static bool IsControl(byte value) => value is < 0x20 or 0x7F;

    public static bool IsUpper(byte value) => value is (>= (byte)'A' and <= (byte)'Z') or (>= 0xC0 and <= 0xDE and not 0xD7);

    public static bool IsLower(byte value) => value is (>= (byte)'a' and <= (byte)'z') or (>= 0xDF and not 0xF7);

    public static bool IsAlphanumeric(byte value) => value is >= (byte)'0' and <= (byte)'9' || IsUpper(value) || IsLower(value);

    public static byte ToUpper(byte value) => IsLower(value) ? (byte)(value - CaseDistance) : value;

    public static byte ToLower(byte value) => IsUpper(value) ? (byte)(value + CaseDistance) : value;
}

using System;
using System.Buffers.Binary;
using static LiteBox.North.Terminals.ControlCharacter;

namespace LiteBox.North.Terminals;

/// <summary>The settings of a terminal (termios(3)).</summary>
internal sealed class TerminalSettings
{
    /// <summary>Size of struct termios, TCGETS's.</summary>
    public const int Size = 36;

    /// <summary>Size of struct termios2, TCGETS2's: two speeds more.</summary>
    public const int ExtendedSize = 44;

    private readonly byte[] characters = new byte[Count];

    /// <summary>Linux's settings of a new terminal (tty_std_termios, INIT_C_CC), with the given speed and modem flags.</summary>
    public TerminalSettings(uint control)
    {
        Input = InputFlags.ICRNL | InputFlags.IXON;
        Output = OutputFlags.OPOST | OutputFlags.ONLCR;
        Control = control;
        Local = LocalFlags.ISIG | LocalFlags.ICANON | LocalFlags.ECHO | LocalFlags.ECHOE | LocalFlags.ECHOK | LocalFlags.ECHOCTL | LocalFlags.ECHOKE
            | LocalFlags.IEXTEN;
        characters[VINTR] = 3;
        characters[VQUIT] = 28;
        characters[VERASE] = 127;
        characters[VKILL] = 21;
        characters[VEOF] = 4;
        characters[VMIN] = 1;
        characters[VSTART] = 17;
        characters[VSTOP] = 19;
        characters[VSUSP] = 26;
        characters[VREPRINT] = 18;
        characters[13] = 15; // VDISCARD, which Linux keeps and does not use
        characters[VWERASE] = 23;
        characters[VLNEXT] = 22;
    }

    public uint Input { get; private set; }

    public uint Output { get; private set; }

    public uint Control { get; private set; }

    public uint Local { get; private set; }

    public byte LineDiscipline { get; private set; }

    private uint inputSpeed = 115200;
    private uint outputSpeed = 115200;

    /// <summary>A special character; 0: none.</summary>
    public byte this[int index] => characters[index];

    public bool HasInput(uint flag) => (Input & flag) != 0;

    public bool HasOutput(uint flag) => (Output & flag) != 0;

    public bool HasLocal(uint flag) => (Local & flag) != 0;

    /// <summary>True where <paramref name="value"/> is the special character at this place, and there is one.</summary>
    public bool Is(int index, byte value) => value != 0 && characters[index] == value;

    /// <summary>Writes struct termios, or struct termios2 where the span has room for it.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Input);
        BinaryPrimitives.WriteUInt32LittleEndian(destination.Slice(4), Output);
        BinaryPrimitives.WriteUInt32LittleEndian(destination.Slice(8), Control);
        BinaryPrimitives.WriteUInt32LittleEndian(destination.Slice(12), Local);
        destination[16] = LineDiscipline;
        characters.CopyTo(destination.Slice(17));
        if (destination.Length >= ExtendedSize)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(destination.Slice(36), inputSpeed);
            BinaryPrimitives.WriteUInt32LittleEndian(destination.Slice(40), outputSpeed);
        }
    }

    /// <summary>Takes struct termios or struct termios2.</summary>
    public void Read(ReadOnlySpan<byte> source)
    {
        Input = BinaryPrimitives.ReadUInt32LittleEndian(source);
        Output = BinaryPrimitives.ReadUInt32LittleEndian(source.Slice(4));
        Control = BinaryPrimitives.ReadUInt32LittleEndian(source.Slice(8));
        Local = BinaryPrimitives.ReadUInt32LittleEndian(source.Slice(12));
        LineDiscipline = source[16];
        source.Slice(17, Count).CopyTo(characters);
        if (source.Length >= ExtendedSize)
        {
            inputSpeed = BinaryPrimitives.ReadUInt32LittleEndian(source.Slice(36));
            outputSpeed = BinaryPrimitives.ReadUInt32LittleEndian(source.Slice(40));
        }
    }
}

using LiteBox.South.Instructions;

namespace LiteBox.South.Consoles;

/// <summary>The serial port before there are objects: enough to say why the kernel did not get any further.</summary>
internal static unsafe class EarlyUart
{
    private const ushort Data = 0x3F8;
    private const ushort LineStatus = Data + 5;
    private const byte TransmitterEmpty = 0x20;
    private const int MaximumPolls = 1_000_000;

    /// <summary>Writes a line, waiting for the transmitter.</summary>
    // SAFETY: the caller's pointer names that many bytes.
    internal static void WriteLine(byte* text, int length)
    {
        for (int index = 0; index < length; index++)
        {
            Write(text[index]);
        }

        Write((byte)'\r');
        Write((byte)'\n');
    }

    private static void Write(byte value)
    {
        for (int poll = 0; poll < MaximumPolls && (Instruction.ReadPort8(LineStatus) & TransmitterEmpty) == 0; poll++)
        {
        }

        Instruction.WritePort8(Data, value);
    }
}

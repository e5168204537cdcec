using System;

namespace LiteBox.SnpMachine.Diagnosis;

/// <summary>Writes one object to the JSON channel, a line of its own. Names and texts are ASCII that needs no escape.</summary>
internal ref struct Json
{
    private bool _isOpen;

    /// <summary>Begins an object whose first member says what it is about.</summary>
    public static Json Event(ReadOnlySpan<byte> name)
    {
        Json json = default;
        json.Text("event"u8, name);
        return json;
    }

    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name);
        Channel.Write(Channel.JsonPort, "\""u8);
        Channel.Write(Channel.JsonPort, value);
        Channel.Write(Channel.JsonPort, "\""u8);
    }

    public void Number(ReadOnlySpan<byte> name, ulong value)
    {
        Name(name);
        Channel.WriteDecimal(Channel.JsonPort, value);
    }

    /// <summary>A number as a text in hexadecimal, for addresses: JSON has no 64-bit integers that everybody reads.</summary>
    public void Address(ReadOnlySpan<byte> name, ulong value)
    {
        Name(name);
        Channel.Write(Channel.JsonPort, "\"0x"u8);
        Channel.WriteHex(Channel.JsonPort, value);
        Channel.Write(Channel.JsonPort, "\""u8);
    }

    public void Bytes(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name);
        Channel.Write(Channel.JsonPort, "\""u8);
        Channel.WriteBytes(Channel.JsonPort, value);
        Channel.Write(Channel.JsonPort, "\""u8);
    }

    public readonly void End() => Channel.Write(Channel.JsonPort, "}\n"u8);

    private void Name(ReadOnlySpan<byte> name)
    {
        Channel.Write(Channel.JsonPort, _isOpen ? ",\""u8 : "{\""u8);
        _isOpen = true;
        Channel.Write(Channel.JsonPort, name);
        Channel.Write(Channel.JsonPort, "\":"u8);
    }
}

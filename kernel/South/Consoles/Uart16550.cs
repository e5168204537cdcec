using LiteBox.South.Hardware;

namespace LiteBox.South.Consoles;

/// <summary>The first serial port's registers (PC16550D data sheet). Eight data bits, no parity, one stop bit, 115,200 baud, 16-byte queues.</summary>
internal readonly struct Uart16550
{
    /// <summary>Bytes that the transmitter takes at once when it is empty.</summary>
    internal const int TransmitQueueSize = 16;

    /// <summary>The ISA interrupt line of COM1.</summary>
    internal const byte InterruptLine = 4;

    private const ushort Base = 0x3F8;
    private const ushort Data = Base;
    private const ushort InterruptEnable = Base + 1;
    private const ushort InterruptIdentification = Base + 2;
    private const ushort QueueControl = Base + 2;
    private const ushort LineControl = Base + 3;
    private const ushort ModemControl = Base + 4;
    private const ushort LineStatus = Base + 5;

    private const byte DivisorAccess = 0x80;
    private const byte EightBits = 0x03;

    /// <summary>Queues on and emptied; an interrupt as soon as one byte is there.</summary>
    private const byte QueuesOn = 0x07;

    /// <summary>Data terminal ready, request to send, and the output that lets the interrupt line through.</summary>
    private const byte ModemReady = 0x0B;

    private const byte OnReceived = 1;
    private const byte OnTransmitterEmpty = 2;
    private const byte Received = 1;
    private const byte TransmitterEmpty = 0x20;

    private readonly HardwareAccess hardware;

    internal Uart16550(HardwareAccess hardware) => this.hardware = hardware;

    /// <summary>True where a byte has arrived.</summary>
    internal bool HasReceived => (hardware.ReadPort8(LineStatus) & Received) != 0;

    /// <summary>True where the transmitter takes another <see cref="TransmitQueueSize"/> bytes.</summary>
    internal bool CanTransmit => (hardware.ReadPort8(LineStatus) & TransmitterEmpty) != 0;

    /// <summary>Sets the port up, without interrupts.</summary>
    internal void Initialize()
    {
        hardware.WritePort8(InterruptEnable, 0);
        hardware.WritePort8(LineControl, DivisorAccess);
        hardware.WritePort8(Data, 1);
        hardware.WritePort8(InterruptEnable, 0);
        hardware.WritePort8(LineControl, EightBits);
        hardware.WritePort8(QueueControl, QueuesOn);
        hardware.WritePort8(ModemControl, ModemReady);
    }

    /// <summary>Chooses what interrupts: input always, an empty transmitter only while there is something to send.</summary>
    internal void EnableInterrupts(bool transmitter) =>
        hardware.WritePort8(InterruptEnable, (byte)(transmitter ? OnReceived | OnTransmitterEmpty : OnReceived));

    /// <summary>Reading the identification is what takes back a transmitter-empty interrupt.</summary>
    internal void AcknowledgeInterrupt() => hardware.ReadPort8(InterruptIdentification);

    internal byte Receive() => hardware.ReadPort8(Data);

    internal void Transmit(byte value) => hardware.WritePort8(Data, value);
}

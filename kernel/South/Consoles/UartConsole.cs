using System;
using LiteBox.Platform;

namespace LiteBox.South.Consoles;

/// <summary>
/// The serial console. Output goes to the transmitter directly while it has room and nothing is queued; the rest waits in a ring for the
/// transmitter's interrupt. Input goes from the interrupt to the receiver. The boot log and stop reports write without interrupts, behind what is queued.
/// </summary>
internal sealed class UartConsole : SerialConsole
{
    private const int OutputCapacity = 16 * 1024;
    private const int InputCapacity = 4096;

    /// <summary>After so many looks at a transmitter that is not ready it is taken for dead: a report must end.</summary>
    private const int MaximumPolls = 1_000_000;

    private readonly Uart16550 uart;
    private readonly ByteRing output = new(OutputCapacity);
    private readonly ByteRing input = new(InputCapacity);
    private ConsoleReceiver? receiver;
    private bool hasInterrupts;
    private bool transmitterInterrupts;
    private bool isReceiving;

    internal UartConsole(Uart16550 uart)
    {
        this.uart = uart;
        uart.Initialize();
    }

    /// <inheritdoc/>
    public override ConsoleReceiver? Receiver
    {
        get => receiver;
        set
        {
            receiver = value;
            Deliver();
        }
    }

    /// <inheritdoc/>
    public override WaitQueue OutputReady { get; } = new();

    /// <inheritdoc/>
    public override int OutputPending => output.Count;

    /// <inheritdoc/>
    public override int TryWrite(ReadOnlySpan<byte> bytes)
    {
        int written = 0;
        while (written < bytes.Length && output.TryAdd(bytes[written]))
        {
            written++;
        }

        Send();
        return written;
    }

    /// <summary>From now on the device's interrupts come.</summary>
    internal void StartInterrupts()
    {
        hasInterrupts = true;
        uart.EnableInterrupts(transmitterInterrupts);
    }

    /// <summary>The device's interrupt: takes what has arrived, sends what waits.</summary>
    internal void OnInterrupt()
    {
        uart.AcknowledgeInterrupt();
        for (int taken = 0; taken < InputCapacity && uart.HasReceived; taken++)
        {
            input.TryAdd(uart.Receive()); // a full ring loses input, as the device would
        }

        Deliver();
        int before = output.Count;
        Send();
        if (output.Count < before && output.Count <= OutputCapacity / 2)
        {
            OutputReady.WakeAll();
        }
    }

    /// <summary>Sends a text and all that is queued before it, waiting for the transmitter.</summary>
    internal void WriteSynchronously(ReadOnlySpan<byte> text)
    {
        while (output.TryTake(out byte value))
        {
            TransmitSynchronously(value);
        }

        foreach (byte value in text)
        {
            TransmitSynchronously(value);
        }
    }

    private void TransmitSynchronously(byte value)
    {
        for (int poll = 0; poll < MaximumPolls; poll++)
        {
            if (uart.CanTransmit)
            {
                uart.Transmit(value);
                return;
            }
        }
    }

    private void Send()
    {
        while (output.Count != 0 && uart.CanTransmit)
        {
            for (int sent = 0; sent < Uart16550.TransmitQueueSize && output.TryTake(out byte value); sent++)
            {
                uart.Transmit(value);
            }
        }

        bool wanted = output.Count != 0;
        if (wanted != transmitterInterrupts)
        {
            transmitterInterrupts = wanted;
            if (hasInterrupts)
            {
                uart.EnableInterrupts(wanted);
            }
        }
    }

    private void Deliver()
    {
        if (isReceiving)
        {
            return;
        }

        isReceiving = true; // the receiver may echo, and echoing comes back here
        while (receiver is not null && input.Count != 0)
        {
            ReadOnlySpan<byte> piece = input.FirstPiece;
            receiver.Received(piece);
            input.Drop(piece.Length);
        }

        isReceiving = false;
    }
}

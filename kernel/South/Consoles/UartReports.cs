using System;
using LiteBox.South.Hardware;
using LiteBox.South.Memory;
using LiteBox.South.Scheduling;
using LiteBox.South.Stops;

namespace LiteBox.South.Consoles;

/// <summary>Stop reports on the serial port: by polling, and behind what the console still has to send. Works before there is a console.</summary>
internal sealed unsafe class UartReports : StopOutput
{
    private const int MaximumPolls = 1_000_000;
    private readonly HardwareAccess hardware;
    private readonly ulong imageStart;
    private readonly ulong imageEnd;

    /// <param name="imageStart">First address of the kernel's image.</param>
    internal UartReports(HardwareAccess hardware, ulong imageStart, ulong imageEnd)
    {
        this.hardware = hardware;
        this.imageStart = imageStart;
        this.imageEnd = imageEnd;
    }

    /// <summary>The console, once there is one.</summary>
    internal UartConsole? Console { get; set; }

    /// <inheritdoc/>
    internal override void Begin() => hardware.AbandonRequest();

    /// <inheritdoc/>
    internal override void WriteLine(ReadOnlySpan<byte> line)
    {
        Write(line);
        Write("\r\n"u8);
    }

    /// <inheritdoc/>
    internal override void WriteSymbol(ulong address, ref LineWriter line) => SymbolText.Write(address, ref line);

    /// <inheritdoc/>
    // SAFETY: the address is aligned and within the running stack, which is mapped.
    internal override bool TryReadStack(ulong address, out ulong value)
    {
        KernelStack stack = SouthScheduler.CurrentStack;
        bool inside = (address & 7) == 0 && address >= stack.Bottom && address <= stack.Top - sizeof(ulong);
        value = inside ? *(ulong*)address : 0;
        return inside;
    }

    /// <inheritdoc/>
    // SAFETY: what is read lies in the image, all of which is mapped.
    internal override bool IsReturnAddress(ulong address) =>
        address >= imageStart + CallEncoding.LongestCall && address < imageEnd
        && CallEncoding.EndsWithCall(new ReadOnlySpan<byte>((byte*)(address - CallEncoding.LongestCall), CallEncoding.LongestCall));

    private void Write(ReadOnlySpan<byte> text)
    {
        if (Console is { } console)
        {
            console.WriteSynchronously(text);
            return;
        }

        Uart16550 uart = new(hardware);
        foreach (byte value in text)
        {
            for (int poll = 0; poll < MaximumPolls && !uart.CanTransmit; poll++)
            {
            }

            uart.Transmit(value);
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using LiteBox.Platform;
using LiteBox.South.Consoles;
using LiteBox.South.Stops;
using LiteBox.South.Tests.Simulation;
using Xunit;

namespace LiteBox.South.Tests.Consoles;

public sealed class UartConsoleTests
{
    private const ushort Data = 0x3F8;
    private const ushort InterruptEnable = 0x3F9;
    private const ushort LineControl = 0x3FB;
    private const ushort LineStatus = 0x3FD;

    private readonly ScriptedHardware hardware = new();
    private readonly List<byte> sent = [];
    private readonly Queue<byte> typed = new();
    private readonly UartConsole console;
    private int transmitterRoom = int.MaxValue;
    private byte interruptEnable;
    private byte lineControl;

    public UartConsoleTests()
    {
        hardware.OnRead = port => port switch
        {
            LineStatus => (byte)((typed.Count != 0 ? 1 : 0) | (transmitterRoom > 0 ? 0x20 : 0)),
            Data => typed.Dequeue(),
            _ => 0,
        };
        hardware.OnWrite = (port, value) =>
        {
            switch (port)
            {
                case Data when (lineControl & 0x80) == 0:
                    sent.Add(value);
                    transmitterRoom--;
                    break;
                case InterruptEnable:
                    interruptEnable = value;
                    break;
                case LineControl:
                    lineControl = value;
                    break;
            }
        };
        console = new UartConsole(new Uart16550(hardware));
    }

    private string Sent => Encoding.ASCII.GetString([.. sent]);

    [Fact]
    public void SendsAtOnceWhatTheTransmitterTakes()
    {
        Assert.Equal(40, console.TryWrite(Encoding.ASCII.GetBytes(new string('x', 40))));
        Assert.Equal(new string('x', 40), Sent);
        Assert.Equal(0, console.OutputPending);
    }

    [Fact]
    public void KeepsTheRestForTheInterruptAndWakesWriters()
    {
        console.StartInterrupts();
        transmitterRoom = 0;
        byte[] text = [.. Enumerable.Range(0, 20_000).Select(i => (byte)('a' + (i % 26)))];
        int taken = console.TryWrite(text);
        Assert.InRange(taken, 1, text.Length - 1);
        Assert.Equal(3, interruptEnable);
        Woken waiter = new();
        console.OutputReady.Add(waiter);
        while (console.OutputPending != 0)
        {
            transmitterRoom = 16;
            console.OnInterrupt();
        }

        Assert.True(waiter.Count > 0);
        Assert.Equal(text[..taken], sent);
        Assert.Equal(1, interruptEnable);
    }

    [Fact]
    public void TheBootLogDoesNotOvertakeWhatIsQueued()
    {
        transmitterRoom = 0;
        console.TryWrite("first "u8);
        transmitterRoom = int.MaxValue;
        console.WriteSynchronously("second"u8);
        Assert.Equal("first second", Sent);
    }

    [Fact]
    public void AReportEndsThoughTheTransmitterIsDead()
    {
        transmitterRoom = 0;
        console.WriteSynchronously("x"u8);
        Assert.Empty(sent);
    }

    [Fact]
    public void InputWaitsForAReceiver()
    {
        foreach (byte value in "hello"u8)
        {
            typed.Enqueue(value);
        }

        console.OnInterrupt();
        Receiver receiver = new(console);
        console.Receiver = receiver;
        typed.Enqueue((byte)'!');
        console.OnInterrupt();
        Assert.Equal("hello!", receiver.Text);
        Assert.Equal("hello!", Sent); // it echoes
    }

    [Theory]
    [InlineData(0x0000, "litebox: workload exited with status 0\r\n")]
    [InlineData(0x2A00, "litebox: workload exited with status 42\r\n")]
    [InlineData(0x0009, "litebox: workload killed by signal 9\r\n")]
    [InlineData(0x008B, "litebox: workload killed by signal 11\r\n")]
    public void TheLastLineSaysHowItEnded(int status, string expected)
    {
        LineWriter line = new(stackalloc byte[80]);
        WaitStatusText.Write(ref line, status);
        Assert.Equal(expected, Encoding.ASCII.GetString(line.Written));
    }

    [Fact]
    public void TheBootLogHasTheTimeInFront()
    {
        LineWriter line = new(stackalloc byte[80]);
        BootLog.Format(ref line, 12_000_345_678, "ready");
        Assert.Equal("[   12.000345] ready", Encoding.ASCII.GetString(line.Written));
    }

    private sealed class Woken : WaitEntry
    {
        public int Count { get; private set; }

        public override void Notify() => Count++;
    }

    private sealed class Receiver(UartConsole console) : ConsoleReceiver
    {
        public string Text { get; private set; } = "";

        public override void Received(ReadOnlySpan<byte> bytes)
        {
            Text += Encoding.ASCII.GetString(bytes);
            console.TryWrite(bytes);
        }
    }
}

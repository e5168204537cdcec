using System;

namespace LiteBox.Platform;

/// <summary>Takes what is typed. Runs in the kernel between two pieces of other work; must not wait and must not allocate.</summary>
public abstract class ConsoleReceiver
{
    /// <summary>Bytes arrived, in order.</summary>
    public abstract void Received(ReadOnlySpan<byte> bytes);
}

/// <summary>The machine's serial console as bytes, without any line discipline.</summary>
public abstract class SerialConsole
{
    /// <summary>Who gets the input. Input that arrives while there is none is kept, as far as the device can.</summary>
    public abstract ConsoleReceiver? Receiver { get; set; }

    /// <summary>Queues as many bytes as there is room for, and says how many. Never waits.</summary>
    public abstract int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>Woken when room for output has come free.</summary>
    public abstract WaitQueue OutputReady { get; }

    /// <summary>Bytes still to be sent.</summary>
    public abstract int OutputPending { get; }
}

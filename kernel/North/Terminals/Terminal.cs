using System;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Terminals;

/// <summary>
/// A terminal: line discipline and output processing between programs and a line, and job control (termios(3), tty_ioctl(4)).
/// </summary>
internal sealed partial class Terminal : ControllingTerminal
{
    /// <summary>Bytes that may wait in front of the line discipline while its own buffer is full (Linux's flip buffers hold as much).</summary>
    private const int BacklogCapacity = 64 << 10;

    /// <summary>Bytes of output that are processed at a time.</summary>
    private const int ChunkLength = 128;

    private const ulong NanosecondsPerDecisecond = 100_000_000;

    private readonly LinuxKernel kernel;
    private readonly TerminalOutput output;
    private readonly OutputProcessor processor;
    private readonly LineDiscipline line;
    private readonly byte[] backlog = new byte[BacklogCapacity];
    private int backlogStart;
    private int backlogCount;

    public Terminal(LinuxKernel kernel, uint deviceNumber, uint controlFlags, TerminalOutput output)
    {
        this.kernel = kernel;
        this.output = output;
        DeviceNumber = deviceNumber;
        Settings = new TerminalSettings(controlFlags);
        processor = new OutputProcessor(Settings, output);
        line = new LineDiscipline(Settings, processor, new Events(this));
    }

    /// <inheritdoc/>
    public override uint DeviceNumber { get; }

    public TerminalSettings Settings { get; }

    /// <summary>Woken when input has come.</summary>
    public WaitQueue InputReady { get; } = new();

    /// <summary>Woken when ^Q lets output go on.</summary>
    public WaitQueue Started { get; } = new();

    /// <summary>True after ^S: writers wait.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>True once the other side is gone: reads end, writes fail.</summary>
    public bool IsHungUp { get; private set; }

    /// <summary>Input from the line. No waiting, no allocation.</summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (backlogCount > 0 || line.IsFull)
            {
                AddToBacklog(value);
            }
            else
            {
                line.Receive(value);
            }
        }

        processor.FlushEcho();
        WakeReaders();
    }

    /// <summary>The other side has gone: SIGHUP and SIGCONT to the session, end of file for readers.</summary>
    public void HangUp()
    {
        IsHungUp = true;
        if (ForegroundGroup is { } group)
        {
            SignalSending.SendToGroup(group, SignalInfo.FromKernel(SignalNumber.SIGHUP));
            SignalSending.SendToGroup(group, SignalInfo.FromKernel(SignalNumber.SIGCONT));
        }

        InputReady.WakeAll();
        output.Ready.WakeAll();
        Started.WakeAll();
    }

    /// <summary>read(2): waits for a line, or for VMIN bytes and VTIME (termios(3), "Canonical and noncanonical mode").</summary>
    public Result Read(Task task, ref DataDestination destination, bool isNonBlocking, bool hasJobControl)
    {
        Errno error = hasJobControl ? CheckForeground(task, SignalNumber.SIGTTIN) : Errno.None;
        if (error != Errno.None)
        {
            return error;
        }

        if (destination.Length == 0)
        {
            return 0;
        }

        bool isCanonical = line.IsLineMode;
        int minimum = isCanonical ? 0 : Settings[ControlCharacter.VMIN];
        ulong time = isCanonical ? 0 : Settings[ControlCharacter.VTIME] * NanosecondsPerDecisecond;
        Clock clock = kernel.Machine.Clock;
        ulong deadline = minimum == 0 && !isCanonical ? clock.Monotonic + time : Scheduler.Never;
        while (destination.Remaining > 0)
        {
            if (!line.HasInput)
            {
                error = AwaitInput(task, isNonBlocking, deadline);
                if (error == Errno.ETIMEDOUT)
                {
                    break;
                }

                if (error != Errno.None)
                {
                    return destination.Count > 0 ? destination.Count : IsHungUp ? 0 : error;
                }

                continue;
            }

            if (!TryTake(ref destination))
            {
                return destination.Count > 0 ? destination.Count : Errno.EFAULT;
            }

            if (isCanonical || destination.Count >= minimum)
            {
                break;
            }

            if (time != 0)
            {
                deadline = clock.Monotonic + time;
            }
        }

        return destination.Count;
    }

    /// <summary>write(2): processes and sends, waiting for room.</summary>
    public Result Write(Task task, ref DataSource source, bool isNonBlocking, bool hasJobControl)
    {
        if (hasJobControl && Settings.HasLocal(LocalFlags.TOSTOP))
        {
            Errno error = CheckForeground(task, SignalNumber.SIGTTOU);
            if (error != Errno.None)
            {
                return error;
            }
        }

        Span<byte> input = stackalloc byte[ChunkLength];
        Span<byte> processed = stackalloc byte[ChunkLength + OutputProcessor.MaximumExpansion];
        int done = 0;
        while (source.Remaining > 0)
        {
            Errno error = AwaitRoom(task, isNonBlocking);
            if (error != Errno.None)
            {
                return done > 0 ? done : error;
            }

            Span<byte> chunk = input.Slice(0, Math.Min(ChunkLength, source.Remaining));
            if (!source.TryRead(chunk))
            {
                return done > 0 ? done : Errno.EFAULT;
            }

            done += Send(task, chunk, processed, isNonBlocking);
            if (done < source.Count)
            {
                return done;
            }
        }

        return done;
    }

    /// <summary>The poll(2) events of the program's side.</summary>
    public uint Poll(PollRegistration? registration)
    {
        if (registration is not null)
        {
            registration.Add(InputReady);
            registration.Add(output.Ready);
        }

        uint events = 0;
        int needed = line.IsLineMode || Settings[ControlCharacter.VTIME] != 0 ? 1 : Math.Max((int)Settings[ControlCharacter.VMIN], 1);
        if (line.AvailableCount >= needed)
        {
            events |= PollEvents.In | PollEvents.ReadNormal;
        }

        if (IsHungUp)
        {
            events |= PollEvents.HangUp;
        }

        if (!IsStopped && !processor.HasPendingEcho)
        {
            events |= PollEvents.Out | PollEvents.WriteNormal;
        }

        return events;
    }

    /// <summary>Bytes that a read would give at once (FIONREAD).</summary>
    public int AvailableCount => line.ReadableCount;

    private Errno AwaitInput(Task task, bool isNonBlocking, ulong deadline)
    {
        if (IsHungUp)
        {
            return Errno.EIO;
        }

        if (isNonBlocking)
        {
            return Errno.EAGAIN;
        }

        return deadline != Scheduler.Never && deadline <= kernel.Machine.Clock.Monotonic ? Errno.ETIMEDOUT : task.Wait(InputReady, deadline);
    }

    private bool TryTake(ref DataDestination destination)
    {
        Span<byte> piece = stackalloc byte[ChunkLength];
        bool isCanonical = line.IsLineMode;
        while (destination.Remaining > 0)
        {
            int wanted = Math.Min(piece.Length, destination.Remaining);
            int count = line.Read(piece.Slice(0, wanted), out bool isLineEnd);
            DrainBacklog();
            if (count == 0)
            {
                return true;
            }

            if (!destination.TryWrite(piece.Slice(0, count)))
            {
                return false;
            }

            if (isLineEnd || (count < wanted && !isCanonical))
            {
                return true;
            }
        }

        return true;
    }

    private Errno AwaitRoom(Task task, bool isNonBlocking)
    {
        while (IsStopped && !IsHungUp)
        {
            if (isNonBlocking)
            {
                return Errno.EAGAIN;
            }

            Errno error = task.Wait(Started);
            if (error != Errno.None)
            {
                return error;
            }
        }

        processor.FlushEcho();
        while (processor.HasPendingEcho && !IsHungUp)
        {
            if (isNonBlocking)
            {
                return Errno.EAGAIN;
            }

            Errno error = task.Wait(output.Ready);
            if (error != Errno.None)
            {
                return error;
            }

            processor.FlushEcho();
        }

        return IsHungUp ? Errno.EIO : Errno.None;
    }

    /// <summary>Sends a chunk; the result is how many of its bytes are done. Only a signal, or O_NONBLOCK, makes it less than all.</summary>
    private int Send(Task task, ReadOnlySpan<byte> chunk, Span<byte> processed, bool isNonBlocking)
    {
        if (!processor.IsProcessing)
        {
            return SendAll(task, chunk, isNonBlocking, isInterruptible: true);
        }

        int length = 0;
        for (int i = 0; i < chunk.Length; i++)
        {
            length += processor.Process(chunk[i], processed.Slice(length));
            bool isLast = i == chunk.Length - 1;
            if (!isLast && length <= ChunkLength)
            {
                continue;
            }

            // What is processed has moved the column, so it is sent to its end.
            int sent = SendAll(task, processed.Slice(0, length), isNonBlocking: false, isInterruptible: false);
            if (sent < length)
            {
                return i;
            }

            length = 0;
        }

        return chunk.Length;
    }

    private int SendAll(Task task, ReadOnlySpan<byte> bytes, bool isNonBlocking, bool isInterruptible)
    {
        int sent = output.TryWrite(bytes);
        while (sent < bytes.Length && !IsHungUp && !isNonBlocking)
        {
            WaitKind kind = isInterruptible ? WaitKind.Interruptible : WaitKind.Uninterruptible;
            if (kernel.Machine.Scheduler.Wait(output.Ready, Scheduler.Never, kind) == WaitResult.Interrupted)
            {
                break;
            }

            sent += output.TryWrite(bytes.Slice(sent));
        }

        return sent;
    }

    private void AddToBacklog(byte value)
    {
        if (backlogCount < BacklogCapacity)
        {
            backlog[(backlogStart + backlogCount) % BacklogCapacity] = value;
            backlogCount++;
        }
    }

    private void DrainBacklog()
    {
        if (backlogCount == 0)
        {
            return;
        }

        while (backlogCount > 0 && !line.IsFull)
        {
            byte value = backlog[backlogStart];
            backlogStart = (backlogStart + 1) % BacklogCapacity;
            backlogCount--;
            line.Receive(value);
        }

        processor.FlushEcho();
    }

    private void WakeReaders()
    {
        if (line.HasInput)
        {
            InputReady.WakeAll();
        }
    }

    private void SetStopped(bool isStopped)
    {
        IsStopped = isStopped;
        if (!isStopped)
        {
            Started.WakeAll();
        }
    }

    /// <summary>What the line discipline reports.</summary>
    private sealed class Events : LineEvents
    {
        private readonly Terminal terminal;

        public Events(Terminal terminal) => this.terminal = terminal;

        public override void Signal(int signal)
        {
            if (terminal.ForegroundGroup is { } group)
            {
                SignalSending.SendToGroup(group, SignalInfo.FromKernel(signal));
            }
        }

        public override void SetStopped(bool isStopped) => terminal.SetStopped(isStopped);
    }
}

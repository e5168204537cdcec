using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Terminals;

/// <summary>An open terminal: the program's side (tty_ioctl(4)).</summary>
internal sealed class TerminalFile : OpenFile
{
    private readonly Terminal terminal;

    // Linux exempts /dev/console from job control, since it may be redirected.
    private readonly bool hasJobControl;

    public TerminalFile(in Location location, int flags, Terminal terminal, bool hasJobControl)
        : base(location, flags)
    {
        this.terminal = terminal;
        this.hasJobControl = hasJobControl;
    }

    /// <inheritdoc/>
    public override Result Read(Task task, ref DataDestination destination) => terminal.Read(task, ref destination, IsNonBlocking, hasJobControl);

    /// <inheritdoc/>
    public override Result Write(Task task, ref DataSource source) => terminal.Write(task, ref source, IsNonBlocking, hasJobControl);

    /// <inheritdoc/>
    public override uint Poll(PollRegistration? registration) => terminal.Poll(registration);

    /// <inheritdoc/>
    public override Result Control(Task task, uint request, ulong argument) => TerminalControl.Control(terminal, task, request, argument);
}

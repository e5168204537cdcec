using System;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Terminals;

/// <summary>The terminal on the machine's serial line: /dev/ttyS0, which is /dev/console too.</summary>
internal sealed class SystemConsole
{
    /// <summary>TTY_MAJOR and ttyS0's minor (Documentation/admin-guide/devices.txt).</summary>
    private const uint SerialMajor = 4;
    private const uint SerialMinor = 64;

    /// <summary>TTYAUX_MAJOR: /dev/tty is minor 0, /dev/console minor 1.</summary>
    private const uint AuxiliaryMajor = 5;

    public SystemConsole(LinuxKernel kernel, DeviceTable devices)
    {
        const uint Line = ControlFlags.B115200 | ControlFlags.CS8 | ControlFlags.CREAD | ControlFlags.HUPCL | ControlFlags.CLOCAL;
        SerialConsole serial = kernel.Machine.Console;
        Terminal = new Terminal(kernel, (uint)DeviceNumbers.Make(SerialMajor, SerialMinor), Line, new SerialOutput(serial));
        serial.Receiver = new SerialInput(Terminal);
        devices.Add(DeviceNumbers.Make(SerialMajor, SerialMinor), new TerminalDevice(Terminal, isConsole: false));
        devices.Add(DeviceNumbers.Make(AuxiliaryMajor, 1), new TerminalDevice(Terminal, isConsole: true));
        devices.Add(DeviceNumbers.Make(AuxiliaryMajor, 0), new OwnTerminalDevice());
    }

    public Terminal Terminal { get; }

    private sealed class SerialOutput : TerminalOutput
    {
        private readonly SerialConsole serial;

        public SerialOutput(SerialConsole serial) => this.serial = serial;

        public override WaitQueue Ready => serial.OutputReady;

        public override int Pending => serial.OutputPending;

        public override int TryWrite(ReadOnlySpan<byte> bytes) => serial.TryWrite(bytes);
    }

    private sealed class SerialInput : ConsoleReceiver
    {
        private readonly Terminal terminal;

        public SerialInput(Terminal terminal) => this.terminal = terminal;

        public override void Received(ReadOnlySpan<byte> bytes) => terminal.Receive(bytes);
    }

    private sealed class TerminalDevice : CharacterDevice
    {
        private readonly Terminal terminal;
        private readonly bool isConsole;

        public TerminalDevice(Terminal terminal, bool isConsole)
        {
            this.terminal = terminal;
            this.isConsole = isConsole;
        }

        public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
        {
            file = new TerminalFile(location, flags, terminal, hasJobControl: !isConsole);
            if (!isConsole && (flags & OpenFlags.NoControllingTerminal) == 0)
            {
                terminal.BecomeControllingAtOpen(task);
            }

            return Errno.None;
        }
    }

    /// <summary>/dev/tty: the controlling terminal of whoever opens it. ENXIO without one.</summary>
    private sealed class OwnTerminalDevice : CharacterDevice
    {
        public override Errno Open(Task task, in Location location, int flags, out OpenFile? file)
        {
            file = task.Process.Session.ControllingTerminal is Terminal terminal ? new TerminalFile(location, flags, terminal, hasJobControl: true) : null;
            return file is null ? Errno.ENXIO : Errno.None;
        }
    }
}

using System.Collections.Generic;
using System.Linq;

namespace LiteBox.Qemu;

/// <summary>The whole command line of QEMU for a described machine.</summary>
public static class QemuArguments
{
    /// <summary>The arguments.</summary>
    /// <param name="options">The machine.</param>
    /// <param name="consoleLog">A file that gets a copy of the serial console's output, or null.</param>
    public static IReadOnlyList<string> For(VirtualMachineOptions options, string? consoleLog = null)
    {
        List<string> arguments = [.. options.Machine.Arguments(options)];

        // No video card: the firmware would copy its ROM byte by byte. A guest that resets has failed, so QEMU ends.
        arguments.AddRange(["-nodefaults", "-vga", "none", "-display", "none", "-net", "none", "-no-reboot"]);

        // The first serial port is the console. ^C belongs to the guest.
        string log = consoleLog == null ? "" : $",logfile={consoleLog.Replace(",", ",,")},logappend=off";
        arguments.AddRange(["-chardev", $"stdio,id=console,signal=off{log}", "-serial", "chardev:console"]);
        arguments.AddRange(options.Boot.Arguments());
        arguments.AddRange(options.AllDisks.SelectMany(disk => disk.Arguments()));
        arguments.AddRange(options.Devices);
        if (options.CountInstructions)
        {
            // The clock on the wall and the random instructions are the same each time, too.
            arguments.AddRange(["-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01T00:00:00,clock=vm", "-seed", "1"]);
        }

        if (options.FirmwareLog != null)
        {
            arguments.AddRange(["-debugcon", $"file:{options.FirmwareLog}", "-global", "isa-debugcon.iobase=0x402"]);
        }

        if (options.DebuggerAddress != null)
        {
            arguments.AddRange(["-S", "-gdb", options.DebuggerAddress]);
        }

        return arguments;
    }
}

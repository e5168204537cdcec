using System.Collections.Generic;
using System.Linq;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Harness.Tests;

public class ArgumentTests
{
    private static readonly VirtualMachineOptions Plain = new()
    {
        Machine = new PlainMachine { Firmware = "OVMF.fd" },
        Boot = new DiskBoot("with,comma.img"),
    };

    [Fact]
    public void A_guest_neither_changes_its_disk_nor_reboots_nor_reaches_a_network()
    {
        IReadOnlyList<string> arguments = QemuArguments.For(Plain);
        Assert.Contains(arguments, argument => argument.Contains("snapshot=on"));
        Assert.Contains("-no-reboot", arguments);
        Assert.Equal("none", After(arguments, "-net"));
    }

    [Fact]
    public void Commas_in_file_names_are_doubled() =>
        Assert.EndsWith("file=with,,comma.img", After(QemuArguments.For(Plain), "-drive"));

    [Fact]
    public void Instructions_are_counted_only_by_one_thread_of_the_interpreter()
    {
        IReadOnlyList<string> counted = QemuArguments.For(Plain with { CountInstructions = true });
        Assert.Equal("shift=0,sleep=off", After(counted, "-icount"));
        Assert.Equal("tcg,thread=single", After(counted, "-accel"));
        Assert.DoesNotContain("-icount", QemuArguments.For(Plain));
    }

    [Fact]
    public void Counting_gives_the_snp_machine_a_barrier_over_the_image_of_each_disk()
    {
        VirtualMachineOptions options = Plain with
        {
            Machine = SnpMachines.Machine(Repository.PathOf("README.md"), SnpMachines.Settings), // any file: it is not started
            Disks = [new VirtioDisk("data", "data.img")],
        };
        string[] barriers =
        [
            "virtio-blk-pci,drive=boot-image,share-rw=on,addr=1e.0,multifunction=on", "virtio-blk-pci,drive=data-image,share-rw=on,addr=1e.1,multifunction=on",
        ];
        Assert.Equal(barriers, QemuArguments.For(options with { CountInstructions = true }).Where(argument => argument.Contains("addr=1e.")));
        Assert.DoesNotContain(QemuArguments.For(options), argument => argument.Contains("addr=1e.") || argument.Contains("ioeventfd"));
    }

    [Fact]
    public void The_terminal_is_the_first_serial_port_and_interrupts_are_the_guests()
    {
        IReadOnlyList<string> arguments = QemuArguments.For(Plain, "log,1");
        Assert.Equal("stdio,id=console,signal=off,logfile=log,,1,logappend=off", After(arguments, "-chardev"));
        Assert.Equal("chardev:console", After(arguments, "-serial"));
    }

    [Fact]
    public void A_debugger_finds_the_machine_waiting()
    {
        IReadOnlyList<string> arguments = QemuArguments.For(Plain with { DebuggerAddress = "tcp::1" });
        Assert.Contains("-S", arguments);
        Assert.Equal("tcp::1", After(arguments, "-gdb"));
    }

    private static string After(IReadOnlyList<string> arguments, string option) =>
        arguments.Zip(arguments.Skip(1)).First(pair => pair.First == option).Second;
}

using System.Collections.Generic;
using System.Globalization;
using System.IO;
using LiteBox.SnpMachine;

namespace LiteBox.Qemu;

/// <summary>SEV-SNP in software: an ordinary QEMU whose firmware is the SNP machine, which runs the guest's firmware (qemu/SnpMachine).</summary>
public sealed record SoftwareSnpMachine : Machine
{
    private const int HiddenOverheadMiB = (int)((PhysicalLayout.PrivateHomes - PhysicalLayout.MachineBase) >> 20);

    /// <summary>The SNP machine's image, snpmachine.rom.</summary>
    public required string Rom { get; init; }

    /// <summary>The guest's firmware: an OVMF with SEV metadata, version 2025.02 or later.</summary>
    public required string Firmware { get; init; }

    /// <summary>The host's and processor's side.</summary>
    public required SnpSettings Settings { get; init; }

    /// <summary>A folder of this run's own: configuration, and what the machine says.</summary>
    public required string Folder { get; init; }

    /// <summary>The message key (VMPCK) of this number, 0 to 3, that every launch gets in its secrets page.</summary>
    public static byte[] MessageKey(byte number) => SnpConfigurationFile.MessageKey(number);

    /// <summary>Keeps the guest's private memory in <see cref="PrivateMemoryPath"/>, for tests that look for what must not be left in it.</summary>
    public bool KeepsPrivateMemory { get; init; }

    /// <summary>The machine's memory as a file; the guest's private pages begin at <see cref="PrivateMemoryOffset"/>.</summary>
    public string PrivateMemoryPath => Path.Combine(Folder, "hidden.ram");

    /// <summary>Bytes before the first private page.</summary>
    public static long PrivateMemoryOffset => (long)(PhysicalLayout.PrivateHomes - PhysicalLayout.MachineBase);

    /// <inheritdoc/>
    public override string Description => "SNP guest, in software";

    /// <summary>What the machine said so far, or at the end.</summary>
    public SnpRecord Record => SnpRecord.Read(TextPath, JsonPath);

    private string HiddenMemory => KeepsPrivateMemory ? $"memory-backend-file,share=on,mem-path={Escape(PrivateMemoryPath)}" : "memory-backend-ram";

    private string TextPath => Path.Combine(Folder, "machine.txt");

    private string JsonPath => Path.Combine(Folder, "machine.jsonl");

    /// <inheritdoc/>
    public override IEnumerable<string> Arguments(VirtualMachineOptions options)
    {
        string certificates = Path.Combine(Folder, "certificates.bin");
        string configuration = Path.Combine(Folder, "configuration.bin");
        Directory.CreateDirectory(Folder);
        byte[] certificateBytes = SnpConfigurationFile.Certificates(Settings);
        File.WriteAllBytes(certificates, certificateBytes);
        File.WriteAllBytes(configuration,
            SnpConfigurationFile.Configuration(Settings, options, new FileInfo(Firmware).Length, certificateBytes.Length));

        // MONITOR would trap on an SNP host, and the machine's guests must not see it. 51 needs five levels and 52 physical address bits.
        string width = Settings.CBit == 51 ? "phys-bits=52,+la57" : "phys-bits=48";
        List<string> arguments =
        [
            "-machine", "q35,smm=off",

            // One thread for all CPUs: in QEMU, FXRSTOR on any CPU clears a flag of the first one (cpu_clear_ignne), not atomically, and can undo what that CPU
            // does to its other flags at the same moment. Among them are whether it is in a guest's address space and whether it takes interrupts.
            "-accel", "tcg,thread=single",
            "-cpu", $"{options.CpuModel},-monitor,{width}",
            "-smp", options.Cpus.ToString(CultureInfo.InvariantCulture),

            // The DIMM at 128 GiB is hidden from the guest: the machine lives there, and the private homes of the guest's pages.
            "-m", $"{options.MemoryMiB}M,slots=1,maxmem=192G",
            "-object", $"{HiddenMemory},id=hidden,size={options.MemoryMiB + HiddenOverheadMiB}M",
            "-device", $"pc-dimm,memdev=hidden,id=hiddendimm,addr=0x{PhysicalLayout.MachineBase:x}",
            "-bios", Rom,
            "-device", Loader(Firmware, PhysicalLayout.Firmware),
            "-device", Loader(configuration, PhysicalLayout.Configuration),

            .. ConfidentialDevices.Arguments,
            .. DiskBarriers.Arguments(options),
            "-chardev", $"file,id=snptext,path={Escape(TextPath)}",
            "-device", "isa-debugcon,iobase=0xe9,chardev=snptext",
            "-chardev", $"file,id=snpjson,path={Escape(JsonPath)}",
            "-device", "isa-debugcon,iobase=0xea,chardev=snpjson",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
        ];
        if (certificateBytes.Length != 0)
        {
            arguments.AddRange(["-device", Loader(certificates, PhysicalLayout.Certificates)]);
        }
        return arguments;
    }

    private static string Loader(string path, ulong address) => $"loader,file={Escape(path)},addr=0x{address:x},force-raw=on";

    private static string Escape(string path) => path.Replace(",", ",,");
}

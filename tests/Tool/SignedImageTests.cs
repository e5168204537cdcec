using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using LiteBox.GuestKit;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Tool.Tests;

/// <summary>What others make of our images: ukify of systemd reads them, sbsign signs them, and Secure Boot takes the signed ones only.</summary>
public sealed class SignedImageTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("litebox-signed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ukify_finds_the_sections_and_hashes_of_the_manifest()
    {
        string application = BuildApplication("--manifest", PathOf("manifest.json"), "--cmdline", "hello world");
        string json = UefiTool("ukify", "inspect", application, "--json=short");
        JsonElement seen = JsonDocument.Parse(json).RootElement;
        Assert.Equal("hello world", seen.GetProperty(".cmdline").GetProperty("text").GetString());

        var told = JsonDocument.Parse(File.ReadAllText(PathOf("manifest.json"))).RootElement.GetProperty("sectionSha256")
            .EnumerateObject().ToDictionary(section => section.Name, section => section.Value.GetString());
        var hashes = seen.EnumerateObject().ToDictionary(section => section.Name, section => section.Value.GetProperty("sha256").GetString());
        Assert.All(new[] { ".linux", ".initrd", ".cmdline", ".osrel", ".sbat" }, name => Assert.Contains(name, hashes.Keys));
        Assert.All(hashes, section => Assert.Equal(told[section.Key], section.Value));
    }

    [Fact]
    public async Task Secure_boot_starts_the_signed_image_and_no_other()
    {
        string application = BuildApplication();
        Run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "db.key", "-out", "db.pem", "-days", "3650", "-subj", "/CN=LiteBox test");
        Run("sbsign", "--key", "db.key", "--cert", "db.pem", "--output", "signed.efi", application);
        Run("sbverify", "--cert", "db.pem", "signed.efi");
        Enroll("db.pem");

        MachineRun signed = await VirtualMachine.RunToEndAsync(SecureMachine(new DiskBoot(BuildDisk(PathOf("signed.efi"), "signed.img"))), Limit);
        Assert.Contains(WorkloadForm.Program.Greeting(), signed.Console, StringComparison.Ordinal);
        Assert.Equal(WorkloadForm.Program.Status(), signed.Workload.ExitStatus);

        await Refuses(new DiskBoot(BuildDisk(application, "unsigned.img")), "Access Denied");
        byte[] changed = File.ReadAllBytes(PathOf("signed.efi"));
        changed[changed.Length / 2] ^= 1;
        File.WriteAllBytes(PathOf("changed.efi"), changed);
        await Refuses(new KernelBoot(PathOf("changed.efi"), null, ""), "Secure boot image verification failed");
    }

    private async Task Refuses(BootSource boot, string word)
    {
        await using VirtualMachine machine = VirtualMachine.Start(SecureMachine(boot));
        await machine.Console.ExpectAsync(word, Limit);
        await machine.Console.ExpectAsync("No bootable option or device was found", Limit);
        Assert.DoesNotContain("litebox:", machine.Console.Text, StringComparison.Ordinal);
    }

    /// <summary>Debian's firmware with Secure Boot keeps its keys where only code in SMM can write.</summary>
    private VirtualMachineOptions SecureMachine(BootSource boot) => new()
    {
        Machine = new PlainMachine { Firmware = null },
        Boot = boot,
        Devices =
        [
            "-machine", "smm=on",
            "-global", "driver=cfi.pflash01,property=secure,value=on",
            "-global", "ICH9-LPC.disable_s3=1",
            "-drive", $"if=pflash,unit=0,format=raw,readonly=on,file={Repository.Built("firmware/ovmf/OVMF_CODE_4M.secboot.fd")}",
            "-drive", $"if=pflash,unit=1,format=raw,snapshot=on,file={PathOf("vars.fd")}",
        ],
    };

    /// <summary>Makes the certificate platform key, key exchange key and signature database at once, and turns Secure Boot on.</summary>
    private void Enroll(string certificate)
    {
        const string Owner = "11111111-2222-3333-4444-123456789abc";
        UefiTool("virt-fw-vars", "--input", Repository.Built("firmware/ovmf/OVMF_VARS_4M.fd"), "--output", "vars.fd", "--set-pk", Owner, certificate,
            "--add-kek", Owner, certificate, "--add-db", Owner, certificate, "--secure-boot");
    }

    private string BuildApplication(params string[] more)
    {
        _ = LiteBoxCommand.Run(["build", WorkloadForm.Program.Make(_folder), "--output", PathOf("litebox.efi"), "--format", "uki", .. more]).Text;
        return PathOf("litebox.efi");
    }

    private string BuildDisk(string application, string name)
    {
        _ = LiteBoxCommand.Run("build", application, "--output", PathOf(name)).Text;
        return PathOf(name);
    }

    private string UefiTool(string name, params string[] arguments) => Run("env",
        [$"PYTHONPATH={Path.GetFullPath(Path.Combine(Repository.Built("uefi-tools/package"), "../dist-packages"))}", "/usr/bin/python3",
            Repository.Built($"uefi-tools/bin/{name}"), .. arguments]);

    private string Run(string program, params string[] arguments) => LiteBoxCommand.RunProgram(program, arguments, _folder).Text;

    private string PathOf(string name) => Path.Combine(_folder, name);
}

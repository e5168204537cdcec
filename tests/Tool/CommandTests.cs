using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using LiteBox.GuestKit;
using Xunit;

namespace LiteBox.Tool.Tests;

/// <summary>The help's examples do what they say when they are pasted, and wrong input gets one line that says where and what to do.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly string Root = Repository.PathOf(".");
    private readonly string _folder = Directory.CreateTempSubdirectory("litebox-command-").FullName;

    public static TheoryData<string> Commands =>
        ["build", "inspect", "measure", "id-block", "report", "verify", "azure", "fetch-certs", "certs", "run"];

    /// <summary>
    /// A command line, and words that the one line of its error must have: the option or the file, where in it, and the fix.
    /// </summary>
    public static TheoryData<string, string> WrongInputs => new()
    {
        { "", "litebox --help" },
        { "bild x", "litebox --help" },
        { "build", "build --help" },
        { "build rootfs", "--output" },
        { "build nowhere -o out.img", "nowhere: no such file or directory: name" },
        { "build text -o out.img", "text: neither a directory, an ELF program" },
        { "build cut.tar -o out.img", "cut.tar" },
        { "build cut.tgz -o out.img", "cut.tgz" },
        { "build empty-oci -o out.img", "empty-oci" },
        { "build rootfs -o out.img --format iso", "--format" },
        { "build rootfs -o out.img --kernel nowhere", "nowhere: no such file: see --kernel" },
        { "build rootfs -o out.img --kernel text", "text, offset 0x0: not what `make kernel` builds as kernel.elf" },
        { "build rootfs -o out.img --boot text", "--boot: " },
        { "build cut.efi -o out.img", "cut.efi: offset 0x" },
        { "build stub.efi -o out.img", "stub.efi: an UEFI application without a kernel in it: give one" },
        { "build rootfs -o rootfs/init/out.img", "rootfs/init" },
        { "inspect nowhere", "nowhere: no such file: name an image" },
        { "inspect text", "text: " },
        { "inspect cut.efi", "cut.efi: offset 0x" },
        { "inspect cut.img", "cut.img: " },
        { "run nowhere", "nowhere: no such file: make an image with `litebox build`" },
        { "run cut.img --platform vmware", "--platform" },
        { "run cut.img --attest nowhere", "nowhere: there is no such file" },
        { "measure --mode snp", "--ovmf" },
        { "measure --mode snb --vcpus 1 --ovmf firmware", "--mode" },
        { "measure --mode snp --ovmf firmware", "--vcpus: it is missing" },
        { "measure --mode snp --vcpus 0 --vcpu-type EPYC --ovmf firmware", "--vcpus: a guest has at least one" },
        { "measure --mode snp --vcpus one --vcpu-type EPYC --ovmf firmware", "--vcpus" },
        { "measure --mode snp --vcpus 1 --ovmf firmware", "--vcpu-type: it is missing" },
        { "measure --mode snp --vcpus 1 --vcpu-type Rome --ovmf firmware", "--vcpu-type: there is no model \"Rome\"; use EPYC" },
        { "measure --mode snp --vcpus 1 --vcpu-type EPYC --ovmf nowhere", "nowhere: there is no such file" },
        { "measure --mode snp --vcpus 1 --vcpu-type EPYC --ovmf text", "text: firmware" },
        { "measure --mode snp --vcpus 1 --vcpu-type EPYC --ovmf firmware --kernel text", "section for kernel hashes" },
        { "measure --mode snp --vcpus 1 --vcpu-type EPYC --ovmf firmware --initrd text", "--initrd: it counts with --kernel only" },
        { "measure --mode snp --vcpus 1 --vmm-type xen --ovmf firmware", "--vmm-type: there is no \"xen\"; use QEMU" },
        { "measure --mode snp:svsm --vcpus 1 --vcpu-type EPYC --ovmf firmware", "--svsm: it is missing" },
        { "measure --mode sev --ovmf firmware --snp-ovmf-hash 00", "--snp-ovmf-hash" },
        { "id-block --measurement 00 --idkey text", "--measurement" },
        { "id-block key-digest text", "text: key: not an ECDSA key in PEM" },
        { "id-block verify text text", "text: ID block, offset 0x" },
        { "report nowhere", "nowhere: there is no such file" },
        { "report text", "text: attestation report, offset 0x" },
        { "report cut-report.bin", "cut-report.bin: attestation report, offset 0x40" },
        { "verify report.bin --certs nowhere", "nowhere: there is no such file" },
        { "verify report.bin --certs text", "text, offset 0x0: neither PEM, nor DER" },
        { "verify report.bin --certs rootfs", "--certs: the folder rootfs has no file ending in .pem" },
        { "verify report.bin --cert-table text", "text, certificate table, offset 0x" },
        { "verify report.bin --policy text", "text: policy, offset 0x1: not JSON, line 1 (write" },
        { "verify report.bin --policy unknown.json", "unknown.json: policy: \"nonce\" is not known (docs/attestation.md" },
        { "verify report.bin --at today", "--at: \"today\" is no time; write 2026-06-01" },
        { "verify report.bin --measurement 12", "--measurement" },
        { "verify report.bin --vmpl 9", "--vmpl" },
        { "verify report.bin --min-tcb Milan", "--min-tcb" },
        { "verify report.bin --product Rome", "--product" },
        { "verify report.bin --require-platform SMT", "--require-platform" },
        { "azure report.bin", "report.bin: HCL report, offset 0x4a0: it ends" },
        { "verify cut-report.bin", "cut-report.bin: attestation report, offset 0x40" },
        { "azure hcl.bin --pcr 4", "--pcr: \"4\" is not of the form 4=HEX" },
        { "azure hcl.bin --pcr-selection 24", "--pcr-selection: \"24\" is no PCR from 0 to 23" },
        { "azure hcl.bin --nonce-hex xy", "--nonce-hex: \"xy\" is not hexadecimal; write" },
        { "azure hcl.bin --pcrs text", "text: PCR values, offset 0x1: not JSON, line 1 (write" },
        { "azure hcl.bin --ak text", "text: not an RSA public key in PEM" },
        { "fetch-certs text --urls", "text: attestation report, offset 0x" },
        { "fetch-certs report.bin --urls --product Rome", "--product" },
        { "certs text", "text, offset 0x0: neither PEM, nor DER" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public void Examples_work_when_they_are_pasted(string command)
    {
        string help = LiteBoxCommand.Run(command, "--help").Text;
        string[] examples = [.. help.Split("`make image`:\n")[1].Split("\n\n")[0].Split('\n').Select(line => line.Trim())];
        Assert.NotEmpty(examples);
        string function = $"litebox() {{ {string.Join(' ', LiteBoxCommand.Words)} \"$@\"; }}\n";
        foreach (string example in examples)
        {
            CommandEnd end = LiteBoxCommand.RunProgram("sh", ["-c", function + example], Root);
            Assert.True(end.Status == 0, $"{example}\n{end.Errors}{end.Output}");
            Assert.True((end.Output + end.Errors).Length > 0 || example.StartsWith("openssl", StringComparison.Ordinal), example);
        }
    }

    [Fact]
    public void Wrong_input_gets_one_line_that_says_where_and_what_to_do()
    {
        MakeInputs();
        List<string> faults = [];
        foreach (object[] row in WrongInputs)
        {
            (string line, string words) = ((string)row[0], (string)row[1]);
            CommandEnd end = LiteBoxCommand.RunProgram(LiteBoxCommand.Words[0],
                [LiteBoxCommand.Words[1], .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)], _folder);
            bool isOneLine = end.Errors.StartsWith("litebox: ", StringComparison.Ordinal) && end.Errors.TrimEnd('\n').Count(letter => letter == '\n') == 0;
            if (end.Status is not (2 or 3 or 4) || !isOneLine || !end.Errors.Contains(words, StringComparison.Ordinal))
            {
                faults.Add($"litebox {line}: status {end.Status}, not \"{words}\" but: {end.Errors}{end.Output}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private void MakeInputs()
    {
        string rootfs = Directory.CreateDirectory(PathOf("rootfs")).FullName;
        File.Copy("/bin/busybox", Path.Combine(rootfs, "init"));
        File.WriteAllText(PathOf("text"), string.Concat(Enumerable.Repeat("this is text and nothing else\n", 40)));
        File.WriteAllText(PathOf("unknown.json"), "{\"nonce\": \"00\"}");
        _ = LiteBoxCommand.RunProgram("tar", ["-cf", "whole.tar", "rootfs"], _folder).Text;
        _ = LiteBoxCommand.RunProgram("gzip", ["-k", "whole.tar"], _folder).Text;
        Cut("whole.tar", "cut.tar", 100_000);
        Cut("whole.tar.gz", "cut.tgz", 100_000);
        Directory.CreateDirectory(PathOf("empty-oci"));
        File.WriteAllText(PathOf("empty-oci/oci-layout"), "{\"imageLayoutVersion\": \"1.0.0\"}");
        File.WriteAllText(PathOf("empty-oci/index.json"), "{\"schemaVersion\": 2, \"manifests\": [");
        File.Copy(Repository.Built("bin/LiteBox.Boot/boot.efi"), PathOf("stub.efi"));
        Cut("stub.efi", "cut.efi", 300);
        File.Copy(Repository.Built("disk.img"), PathOf("disk.img"));
        Cut("disk.img", "cut.img", 1_500_000);
        File.Copy(Repository.Built("firmware/ovmf/OVMF.fd"), PathOf("firmware"));
        File.Copy(Repository.PathOf("examples/evidence/report.bin"), PathOf("report.bin"));
        File.Copy(Repository.PathOf("examples/evidence/hcl-report.bin"), PathOf("hcl.bin"));
        Cut("report.bin", "cut-report.bin", 64);
    }

    private void Cut(string from, string to, int length) => File.WriteAllBytes(PathOf(to), File.ReadAllBytes(PathOf(from))[..length]);

    private string PathOf(string name) => Path.Combine(_folder, name);
}

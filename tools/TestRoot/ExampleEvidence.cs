using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LiteBox.Attestation;

namespace LiteBox.TestRoot;

/// <summary>
/// Evidence of a machine under the test root, for the examples in the help: a report whose REPORT_DATA is the SHA-512 of a public key,
/// its certificate table, and what the same machine would show on Azure: HCL report, and a quote of PCRs 0 to 7 for the nonce "example".
/// </summary>
internal static class ExampleEvidence
{
    private const SnpProduct Product = SnpProduct.Milan;
    private const int ClaimsStart = 0x4D4;

    /// <summary>Writes the files into a folder.</summary>
    /// <param name="root">Folder of the product's test root.</param>
    /// <param name="folder">Where to.</param>
    internal static void Write(string root, string folder)
    {
        Directory.CreateDirectory(folder);
        byte[] Certificate(string name) => File.ReadAllBytes(Path.Combine(root, $"{name}.der"));
        void Save(string name, byte[] content) => File.WriteAllBytes(Path.Combine(folder, name), content);

        using var vcek = ECDsa.Create();
        vcek.ImportFromPem(File.ReadAllText(Path.Combine(root, "vcek.key.pem")));
        using var key = RSA.Create(2048);
        var publicKey = Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n");
        Save("public-key.pem", publicKey);
        Save("report.bin", Report(SHA512.HashData(publicKey)).Sign(vcek));
        Save("certs.bin", CertificateTable.Write([.. new[] { "VCEK", "ASK", "ARK" }.Select(name =>
            (CertificateTable.GuidOf(name), Certificate(name.ToLowerInvariant())))]));

        using var attestationKey = RSA.Create(2048);
        var quote = Quote("example"u8);
        Save("hcl-report.bin", HclReport(attestationKey, vcek));
        Save("quote.msg", quote);
        Save("quote.sig", attestationKey.SignData(quote, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Save("pcrs.json", Encoding.ASCII.GetBytes($"[{string.Join(",\n ", Enumerable.Range(0, 8).Select(number => $"\"{Convert.ToHexStringLower(Pcr(number))}\""))}]\n"));
    }

    private static ReportBuilder Report(byte[] reportData) => new(3, TestMachine.Cpu(Product))
    {
        Tcb = TestMachine.Tcb(Product).Encode(Product.TcbLayout()),
        ChipId = TestMachine.ChipId(Product),
        PlatformInfo = new(0x25),
        Firmware = new(1, 55, 40),
        Measurement = SHA384.HashData("an example"u8),
        ReportData = reportData,
    };

    private static byte[] HclReport(RSA attestationKey, ECDsa vcek)
    {
        var key = attestationKey.ExportParameters(includePrivateParameters: false);
        var claims = Encoding.ASCII.GetBytes(
            $$$"""{"keys":[{"kid":"HCLAkPub","key_ops":["sign"],"kty":"RSA","e":"AQAB","n":"{{{Base64Url.EncodeToString(key.Modulus)}}}"}],"vm-configuration":{"console-enabled":false,"secure-boot":true,"tpm-enabled":true,"vmUniqueId":"00000000-0000-0000-0000-000000000000"},"user-data":"{{{new string('0', 128)}}}"}""");
        var blob = new byte[2600];
        "HCLA"u8.CopyTo(blob);
        Report(SHA256.HashData(claims)).Sign(vcek).CopyTo(blob, 0x20);
        claims.CopyTo(blob, ClaimsStart);
        (int Offset, int Value)[] numbers =
        [
            (0x004, 1), (0x008, ClaimsStart + claims.Length), (0x00C, 2), (0x4C0, 20 + claims.Length), (0x4C4, 1), (0x4C8, 2), (0x4CC, 1),
            (0x4D0, claims.Length),
        ];
        foreach (var (offset, value) in numbers)
        {
            BinaryPrimitives.WriteInt32LittleEndian(blob.AsSpan(offset), value);
        }

        return blob;
    }

    /// <summary>TPMS_ATTEST of type quote over PCRs 0 to 7 of the SHA-256 bank (TPM 2.0 part 2, 10.12.8).</summary>
    private static byte[] Quote(ReadOnlySpan<byte> nonce)
    {
        var digest = SHA256.HashData([.. Enumerable.Range(0, 8).SelectMany(Pcr)]);
        return
        [
            0xFF, 0x54, 0x43, 0x47, 0x80, 0x18, 0, 0, 0, (byte)nonce.Length, .. nonce, .. new byte[16], 1, .. new byte[8],
            0, 0, 0, 1, 0, 0x0B, 3, 0xFF, 0, 0, 0, 32, .. digest,
        ];
    }

    private static byte[] Pcr(int number) => SHA256.HashData(Encoding.ASCII.GetBytes($"PCR {number}"));
}

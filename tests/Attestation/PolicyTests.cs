using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Each demand of a policy passes what meets it and fails, alone, what does not.</summary>
public sealed class PolicyTests
{
    private const SnpProduct Product = SnpProduct.Turin;

    /// <summary>
    /// A demand that the test machine's report meets, one that it does not, and the check that says so. In the policy file's form.
    /// </summary>
    public static TheoryData<string, string, string> Demands => new()
    {
        { """{"minimum_version": 5}""", """{"minimum_version": 6}""", "report.version" },
        { """{"vmpl": 0}""", """{"vmpl": 1}""", "vmpl" },
        { """{"vmpl": [0, 1]}""", """{"vmpl": [1, 2, 3]}""", "vmpl" },
        { """{"products": ["Turin"]}""", """{"products": ["Milan", "Genoa"]}""", "product.allowed" },
        { """{"denied_products": ["Milan"]}""", """{"denied_products": ["turin"]}""", "product.allowed" },
        { """{"signing_keys": ["VCEK"]}""", """{"signing_keys": ["VLEK"]}""", "signing_key.allowed" },
        { $$"""{"measurements": ["{{Measurement}}"]}""", $$"""{"measurements": ["{{Other(48)}}"]}""", "measurement" },
        { $$"""{"measurements": ["{{Other(48)}}", {"name": "v1", "digest": "{{Measurement}}"}]}""", """{"measurements": []}""", "measurement" },
        { $$"""{"report_data": "{{ReportData}}"}""", $$"""{"report_data": "{{Other(64)}}"}""", "report_data" },
        { $$"""{"host_data": "{{HostData}}"}""", $$"""{"host_data": "{{Other(32)}}"}""", "host_data" },
        { $$"""{"id_key_digests": ["{{Zero(48)}}"]}""", $$"""{"id_key_digests": ["{{Other(48)}}"]}""", "id_key_digest" },
        { $$"""{"author_key_digests": ["{{Zero(48)}}"]}""", $$"""{"author_key_digests": ["{{Other(48)}}"]}""", "author_key_digest" },
        { $$"""{"family_id": "{{Zero(16)}}"}""", $$"""{"family_id": "{{Other(16)}}"}""", "family_id" },
        { $$"""{"image_id": "{{Zero(16)}}"}""", $$"""{"image_id": "{{Other(16)}}"}""", "image_id" },
        { $$"""{"report_id": "{{Zero(32)}}"}""", $$"""{"report_id": "{{Other(32)}}"}""", "report_id" },
        { $$"""{"report_id_ma": "{{new string('f', 64)}}"}""", $$"""{"report_id_ma": "{{Zero(32)}}"}""", "report_id_ma" },
        { $$"""{"allowed_chips": ["{{Chip}}"]}""", $$"""{"allowed_chips": ["{{Other(8)}}"]}""", "chip.allowed" },
        { $$"""{"denied_chips": ["{{Other(8)}}"]}""", $$"""{"denied_chips": ["{{Chip}}"]}""", "chip.allowed" },
        { $$"""{"denied_chips": ["{{Other(64)}}"]}""", $$"""{"denied_chips": ["{{Chip}}{{Zero(56)}}"]}""", "chip.allowed" },
        { """{"minimum_guest_svn": 0}""", """{"minimum_guest_svn": 1}""", "guest_svn" },
        { """{"minimum_tcb": {"Turin": {"fmc": 1, "bl": 1, "tee": 1, "snp": 4, "uc": 81}}}""", """{"minimum_tcb": {"Turin": {"fmc": 2}}}""", "tcb.minimum.reported" },
        { """{"minimum_tcb": {"Turin": {}}}""", """{"minimum_tcb": {"Milan": {}}}""", "tcb.minimum.reported" },
        { """{"minimum_tcb": {"committed": {"Turin": {"uc": 81}}}}""", """{"minimum_tcb": {"committed": {"Turin": {"uc": 82}}}}""", "tcb.minimum.committed" },
        { """{"minimum_tcb": {"current": {"Turin": {"snp": 4}}}}""", """{"minimum_tcb": {"current": {"Turin": {"snp": 5}}}}""", "tcb.minimum.current" },
        { """{"minimum_tcb": {"launch": {"Turin": {"tee": 1}}}}""", """{"minimum_tcb": {"launch": {"Turin": {"tee": 2}}}}""", "tcb.minimum.launch" },
        { """{"minimum_firmware": "1.55.40"}""", """{"minimum_firmware": "1.55.41"}""", "firmware.minimum" },
        { """{"minimum_abi": "0.0"}""", """{"minimum_abi": "0.31"}""", "policy.abi" },
        { """{"require_policy_bits": ["SMT"]}""", """{"require_policy_bits": ["SINGLE_SOCKET"]}""", "policy.bits" },
        { """{"forbid_policy_bits": ["CXL_ALLOW"]}""", """{"forbid_policy_bits": ["smt"]}""", "policy.bits" },
        { """{"require_platform_bits": ["ALIAS_CHECK_COMPLETE", "ECC_EN"]}""", """{"require_platform_bits": ["RAPL_DIS"]}""", "platform.bits" },
        { """{"forbid_platform_bits": "0x2"}""", """{"forbid_platform_bits": ["SMT_EN"]}""", "platform.bits" },
        { """{"require_launch_mitigations": "0x3"}""", """{"require_launch_mitigations": "0x4"}""", "mitigation.launch" },
        { """{"require_current_mitigations": 7}""", """{"require_current_mitigations": 8}""", "mitigation.current" },
        { """{"allow_provisional_firmware": false}""", """{"require_crl": true}""", "certificate.revocation" },
    };

    private static string Measurement => Convert.ToHexStringLower(SHA384.HashData("image"u8));

    private static string ReportData => Convert.ToHexStringLower(SHA512.HashData("key"u8));

    private static string HostData => Convert.ToHexStringLower(SHA256.HashData("host"u8));

    private static string Chip => Convert.ToHexStringLower(TestMachine.ChipId(Product));

    [Theory]
    [MemberData(nameof(Demands))]
    public void ADemandPassesWhatMeetsItAndFailsTheRest(string met, string unmet, string check)
    {
        Assert.Empty(Verify(met).Failed());
        Assert.Equal([check], Verify(unmet).Failed());
    }

    [Fact]
    public void TheDefaultsCloseTheDoors()
    {
        Assert.Equal(["policy.debug"], Verify("{}", report => report.Policy = new(0xB0000)).Failed());
        Assert.Equal(["policy.migration"], Verify("{}", report => report.Policy = new(0x70000)).Failed());
        Assert.Equal(["vmpl"], Verify("{}", report => report.Vmpl = 1).Failed());
        Assert.Empty(Verify("""{"allow_debug": true}""", report => report.Policy = new(0xB0000)).Failed());
        Assert.Empty(Verify("""{"allow_migration": true}""", report => report.Policy = new(0x70000)).Failed());
        Assert.Empty(Verify("""{"vmpl": "any"}""", report => report.Vmpl = 3).Failed());
        Assert.Empty(Verify("{}", report => report.Policy = new(0x30000 | (1UL << 26))).Failed());
    }

    [Fact]
    public void AReportThatTheHostAskedForIsNeverTaken()
    {
        foreach (var policy in new[] { "{}", """{"vmpl": "any"}""" })
        {
            Assert.Equal(["vmpl"], Verify(policy, report => report.Vmpl = AttestationReport.HostVmpl).Failed());
        }
    }

    [Fact]
    public void ProvisionalFirmwareIsRefusedOnDemand()
    {
        var newer = (TestMachine.Tcb(Product) with { Microcode = 82 }).Encode(Product.TcbLayout());
        void RollBack(ReportBuilder report) => report.CurrentTcb = newer;
        Assert.Empty(Verify("{}", RollBack).Failed());
        Assert.Equal(["tcb.provisional"], Verify("""{"allow_provisional_firmware": false}""", RollBack).Failed());
    }

    [Fact]
    public void ImpossibleTcbsAreRefused()
    {
        var older = (TestMachine.Tcb(Product) with { Snp = 3, Microcode = 200 }).Encode(Product.TcbLayout());
        Assert.Equal(["tcb.order"], Verify("{}", report => report.CurrentTcb = older).Failed());
        var newer = (TestMachine.Tcb(Product) with { Microcode = 82 }).Encode(Product.TcbLayout());
        Assert.Equal(["tcb.order"], Verify("{}", report => report.CommittedTcb = newer).Failed());
        Assert.Equal(["tcb.order"], Verify("{}", report => report.CommittedTcb = older).Failed());
    }

    // What SNP_CONFIG of AMD's published firmware lets a host report, because there the bootloader's number counts for more than the microcode's.
    [Fact]
    public void NewerMicrocodeThanIsCommittedIsRefusedBehindAnOlderBootloader()
    {
        var reported = TestMachine.Tcb(Product);
        var committed = reported with { BootLoader = (byte)(reported.BootLoader + 1), Microcode = (byte)(reported.Microcode - 1) };
        foreach (var current in new[] { committed, committed with { Microcode = reported.Microcode } })
        {
            Assert.Equal(["tcb.order"], Verify("{}", report =>
            {
                report.CommittedTcb = committed.Encode(Product.TcbLayout());
                report.CurrentTcb = current.Encode(Product.TcbLayout());
            }).Failed());
        }
    }

    [Fact]
    public void MitigationsAreNotInOlderReports()
    {
        var policy = Parse("""{"require_current_mitigations": "0x1"}""");
        var report = TestBench.Report(SnpProduct.Milan, version: 4).Sign(SnpProduct.Milan);
        Assert.Equal(["mitigation.current"], TestBench.Verify(report, SnpProduct.Milan, policy: policy).Failed());
    }

    [Fact]
    public void AMaskedChipIsOnNoList()
    {
        var report = TestBench.VlekReport(Product).Sign(Product, "vlek");
        foreach (var policy in new[] { $$"""{"denied_chips": ["{{Other(8)}}"]}""", $$"""{"allowed_chips": ["{{Chip}}"]}""" })
        {
            Assert.Equal(["chip.allowed"], TestBench.Verify(report, Product, TestBench.VlekChain(Product), Parse(policy)).Failed());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("""{"vmpl": 0, "vmpl": 1}""")]
    [InlineData("""{"measurement": []}""")]
    [InlineData("""{"vmpl": 4}""")]
    [InlineData("""{"vmpl": "0"}""")]
    [InlineData("""{"vmpl": -1}""")]
    [InlineData("""{"allow_debug": "yes"}""")]
    [InlineData("""{"measurements": "00"}""")]
    [InlineData("""{"measurements": ["00"]}""")]
    [InlineData("""{"measurements": [{"name": "x"}]}""")]
    [InlineData("""{"measurements": [{"hash": "x"}]}""")]
    [InlineData("""{"measurements": [null]}""")]
    [InlineData("""{"report_data": "zz"}""")]
    [InlineData("""{"report_data": null}""")]
    [InlineData("""{"host_data": "0011"}""")]
    [InlineData("""{"products": ["Rome"]}""")]
    [InlineData("""{"signing_keys": ["ARK"]}""")]
    [InlineData("""{"minimum_tcb": {"Milan": {"fmc": 1}}}""")]
    [InlineData("""{"minimum_tcb": {"Milan": {"bl": 256}}}""")]
    [InlineData("""{"minimum_tcb": {"Milan": {"microcode": 1}}}""")]
    [InlineData("""{"minimum_tcb": {"Milan": {}, "milan": {}}}""")]
    [InlineData("""{"minimum_tcb": {"reported": {"Milan": {}}, "Milan": {}}}""")]
    [InlineData("""{"minimum_firmware": "1.55"}""")]
    [InlineData("""{"minimum_firmware": "1.55.-1"}""")]
    [InlineData("""{"minimum_abi": "1"}""")]
    [InlineData("""{"require_platform_bits": ["BIT6"]}""")]
    [InlineData("""{"require_platform_bits": "six"}""")]
    [InlineData("""{"minimum_guest_svn": 4294967296}""")]
    [InlineData("""{"comment": "\ud800"}""")]
    public void APolicyThatIsNotUnderstoodIsNoPolicy(string json) => Assert.NotNull(PolicyFile.Parse(Encoding.UTF8.GetBytes(json)).Error);

    private static VerificationPolicy Parse(string json)
    {
        var parsed = PolicyFile.Parse(Encoding.UTF8.GetBytes(json));
        Assert.True(parsed.Error is null, parsed.Error?.ToString());
        return parsed.Value!;
    }

    private static VerificationResult Verify(string policy, Action<ReportBuilder>? change = null)
    {
        var report = TestBench.Report(Product);
        report.Set(0x1F8, [0x03]);
        report.Set(0x200, [0x07]);
        change?.Invoke(report);
        return TestBench.Verify(report.Sign(Product), Product, policy: Parse(policy));
    }

    private static string Zero(int bytes) => new('0', bytes * 2);

    private static string Other(int bytes) => new('e', bytes * 2);
}

using System;
using System.IO;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.Harness.Tests;

public sealed class SnpRecordTests : IDisposable
{
    private const string Launch = """{"event":"launch","digest":"10aa","cpus":1}""";
    private const string Counters = """{"event":"counters","exit_7b":10,"exit_nested_page_fault":5,"vc_7b":3,"ghcb_7b":7,"msr_protocol":2,"refusals":0}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("snp-record-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_is_one_line() =>
        Assert.Equal("launch digest 10aa, 15 exits, 9 requests to the host, 0 refused", Read(Launch, Counters).Summary);

    [Theory]
    [InlineData("""{"event":"refused","rule":"ThatOne","gpa":"0x1000","page":"private","rip":"0x0"}""", true)]
    [InlineData("""{"event":"terminated","set":2,"reason":7,"text":""}""", true)]
    [InlineData("""{"event":"broken","reason":"a defect"}""", true)]
    [InlineData("""{"event":"noted","rule":"ThatOne","gpa":"0x1000","page":"private","rip":"0x0"}""", false)]
    public void Only_what_ends_a_guest_is_trouble(string told, bool trouble) => Assert.Equal(trouble, Read(Launch, told, Counters).HasTrouble);

    [Fact]
    public void A_machine_that_said_nothing_has_no_figures() => Assert.Equal("launch digest none, 0 exits, 0 requests to the host, 0 refused", Read().Summary);

    private SnpRecord Read(params string[] lines)
    {
        string json = Path.Combine(_folder, "machine.jsonl");
        File.WriteAllLines(json, lines);
        return SnpRecord.Read(Path.Combine(_folder, "machine.txt"), json);
    }
}

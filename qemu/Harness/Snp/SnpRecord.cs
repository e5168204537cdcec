using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace LiteBox.Qemu;

/// <summary>A guest's mistake, as the SNP machine told it.</summary>
/// <param name="Rule">The name of the broken rule.</param>
/// <param name="Address">The guest-physical address, or the value, that it is about.</param>
/// <param name="Page">The state of that page.</param>
/// <param name="Rip">Where the guest was; 0 at launch.</param>
/// <param name="Cpu">The virtual CPU.</param>
/// <param name="Vmpl">Its privilege level.</param>
public sealed record SnpRefusal(string Rule, ulong Address, string Page, ulong Rip, int Cpu, int Vmpl);

/// <summary>What the SNP machine told of a run, on channels that the guest cannot reach.</summary>
public sealed class SnpRecord
{
    private const int StatusSet = 3;

    private SnpRecord(string text, IReadOnlyList<JsonElement> events)
    {
        Text = text;
        Events = events;
    }

    /// <summary>The lines for people.</summary>
    public string Text { get; }

    /// <summary>The events, in order.</summary>
    public IReadOnlyList<JsonElement> Events { get; }

    /// <summary>The launch digest in lower-case hexadecimal digits; null when there was no launch.</summary>
    public string? LaunchDigest => Find("launch") is { } launch ? launch.GetProperty("digest").GetString() : null;

    /// <summary>All mistakes that were refused, in order.</summary>
    public IReadOnlyList<SnpRefusal> Refusals => Named("refused");

    /// <summary>What a right guest may do, and is worth knowing: double validation, accesses that the guest was told to validate first.</summary>
    public IReadOnlyList<SnpRefusal> Notes => Named("noted");

    /// <summary>The counters at the machine's end, by name; empty while it runs.</summary>
    public IReadOnlyDictionary<string, ulong> Counters => Events.LastOrDefault(candidate => Name(candidate) == "counters") is { ValueKind: JsonValueKind.Object } counters
        ? counters.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Number).ToDictionary(member => member.Name, member => member.Value.GetUInt64())
        : new Dictionary<string, ulong>();

    /// <summary>Why the guest terminated itself: set and reason; null when it did not.</summary>
    public (int Set, int Reason)? Termination =>
        Find("terminated") is { } terminated ? (terminated.GetProperty("set").GetInt32(), terminated.GetProperty("reason").GetInt32()) : null;

    /// <summary>Whether something ended the guest that should not have: a refusal, its own request, or a defect of the machine.</summary>
    public bool HasTrouble => Refusals.Count != 0 || Termination != null || Find("broken") != null;

    /// <summary>Exits of the world switch, of all kinds.</summary>
    public ulong Exits => Sum("exit_");

    /// <summary>Requests that the guest made of its host, by GHCB page or MSR.</summary>
    public ulong Requests => Sum("ghcb_") + Counters.GetValueOrDefault("msr_protocol");

    /// <summary>The run in one line.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"launch digest {LaunchDigest ?? "none"}, {Exits} exits, {Requests} requests to the host, {Refusals.Count} refused");

    /// <summary>The exit status that the workload of a release image had where it was not 0 (docs/stops.md); null when nobody said so.</summary>
    public int? WorkloadStatus => Termination is (StatusSet, var status) ? status : null;

    /// <summary>Reads both channels; a missing file is an empty one.</summary>
    public static SnpRecord Read(string textPath, string jsonPath)
    {
        string text = File.Exists(textPath) ? File.ReadAllText(textPath, Encoding.Latin1) : "";
        string lines = File.Exists(jsonPath) ? File.ReadAllText(jsonPath, Encoding.Latin1) : "";
        return new SnpRecord(text, [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(IsWhole).Select(line => JsonDocument.Parse(line).RootElement)]);
    }

    private ulong Sum(string prefix) =>
        Counters.Where(counter => counter.Key.StartsWith(prefix, StringComparison.Ordinal)).Aggregate(0UL, (sum, counter) => sum + counter.Value);

    private IReadOnlyList<SnpRefusal> Named(string kind) =>
        [.. Events.Where(candidate => Name(candidate) == kind).Select(told => new SnpRefusal(
            told.GetProperty("rule").GetString()!,
            Number(told, "gpa"),
            told.GetProperty("page").GetString()!,
            Number(told, "rip"),
            Small(told, "cpu"),
            Small(told, "vmpl")))];

    // The last line of a machine that still runs may not be whole.
    private static bool IsWhole(string line) => line.StartsWith('{') && line.EndsWith('}');

    private JsonElement? Find(string name)
    {
        JsonElement found = Events.FirstOrDefault(candidate => Name(candidate) == name);
        return found.ValueKind == JsonValueKind.Object ? found : null;
    }

    private static string? Name(JsonElement candidate) => candidate.GetProperty("event").GetString();

    private static int Small(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : 0;

    private static ulong Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? Convert.ToUInt64(value.GetString(), 16) : 0;
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace LiteBox.Image.Containers;

/// <summary>How a container image wants to be started (OCI Image Configuration 1.1, property "config").</summary>
/// <param name="Command">The entry point, followed by its arguments.</param>
/// <param name="Environment">"NAME=value" each.</param>
/// <param name="WorkingDirectory">Absolute; "/" when the image says nothing.</param>
/// <param name="User">As the image has it; empty for root.</param>
public sealed record ContainerConfiguration(
    IReadOnlyList<string> Command, IReadOnlyList<string> Environment, string WorkingDirectory, string User)
{
    /// <summary>Reads the JSON of an image configuration.</summary>
    internal static ContainerConfiguration Read(JsonElement image)
    {
        JsonElement config = image.TryGetProperty("config", out JsonElement found) ? found : default;
        return new ContainerConfiguration(
            [.. Strings(config, "Entrypoint"), .. Strings(config, "Cmd")],
            [.. Strings(config, "Env")],
            Text(config, "WorkingDir") is { Length: > 0 } directory ? directory : "/",
            Text(config, "User"));
    }

    private static IEnumerable<string> Strings(JsonElement config, string name) =>
        config.ValueKind == JsonValueKind.Object && config.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(item => item.GetString() ?? "")
            : [];

    private static string Text(JsonElement config, string name) =>
        config.ValueKind == JsonValueKind.Object && config.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : "";
}

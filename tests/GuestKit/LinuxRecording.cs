using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using LiteBox.Qemu;

namespace LiteBox.GuestKit;

/// <summary>What Linux printed for a suite: recorded once for each initrd, kernel version and command line, and kept below out/.</summary>
public static class LinuxRecording
{
    /// <summary>The recording, made now when there is none.</summary>
    /// <exception cref="InvalidOperationException">Linux itself did not end a test: the suite is wrong.</exception>
    public static async Task<IReadOnlyDictionary<string, GuestOutput>> OfAsync(GuestSuite suite, IReadOnlyList<string> names)
    {
        string file = Path.Combine(Repository.OutDirectory("linux-recordings"), Key(suite, names) + ".json");
        if (File.Exists(file))
        {
            return JsonSerializer.Deserialize<Dictionary<string, GuestOutput>>(await File.ReadAllTextAsync(file))!;
        }

        IReadOnlyDictionary<string, GuestOutput> outputs = await new SuiteRun(suite, GuestKernel.Linux).RunAsync(names);
        foreach ((string name, GuestOutput output) in outputs)
        {
            if (!int.TryParse(output.End, out _))
            {
                throw new InvalidOperationException($"{name} does not end on Linux: {output.End}\n{output.Text}");
            }
        }

        string draft = $"{file}.{Environment.ProcessId}";
        await File.WriteAllTextAsync(draft, JsonSerializer.Serialize(outputs));
        File.Move(draft, file, overwrite: true); // another test project may be reading
        return outputs;
    }

    private static string Key(GuestSuite suite, IReadOnlyList<string> names)
    {
        byte[] initrd = suite.FilesFor(names).ToInitrd();
        string commandLine = ((KernelBoot)GuestKernel.Linux.Machine(initrd).Boot).CommandLine;
        byte[] input = [.. initrd, .. Encoding.UTF8.GetBytes(GuestKernel.Linux.Version + commandLine)];
        return Convert.ToHexStringLower(SHA256.HashData(input))[..24];
    }
}

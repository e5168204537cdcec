using LiteBox.Attestation;
using LiteBox.Image;

namespace LiteBox.CommandLine;

/// <summary>Reads what options name; every fault becomes one line that names the file.</summary>
internal static class InputFile
{
    /// <summary>The whole file. "-" is the standard input.</summary>
    internal static byte[] Read(string path)
    {
        try
        {
            return path == "-" ? ReadStandardInput() : File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure(ExitCode.File, $"{path}: there is no such file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.File, $"{path}: cannot be read: {error.Message}");
        }
    }

    /// <summary>Reads a report, alone or in a MSG_REPORT_RSP payload of 4000 bytes.</summary>
    internal static byte[] ReadReport(string path)
    {
        var data = Read(path);
        if (data.AsSpan().StartsWith("HCLA"u8))
        {
            throw new CommandFailure(ExitCode.Malformed,
                $"{path}: it is an Azure HCL report, offset 0x0 says HCLA; use litebox azure {path}");
        }

        return data.Length != AttestationReport.Size && ReportResponse.Parse(data).Value is { } response ? response.Report : data;
    }

    /// <summary>Writes a file, creating its folder.</summary>
    internal static void Write(string path, ReadOnlySpan<byte> data)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            File.WriteAllBytes(path, data);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.File, $"{path}: cannot be written: {error.Message}");
        }
    }

    /// <summary>Reads what a file holds; a fault in its format is told with the file's name.</summary>
    internal static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is ImageFormatException or InvalidDataException && !fault.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new CommandFailure(ExitCode.Malformed, $"{path}: {fault.Message}");
        }
    }

    /// <summary>What a parser answered about a file; a fault ends the command.</summary>
    internal static T OrFail<T>(this Parsed<T> parsed, string path)
        where T : class =>
        parsed.Succeeded(out var value, out var error) ? value : throw CommandFailure.Malformed(path, error);

    private static byte[] ReadStandardInput()
    {
        using var input = Console.OpenStandardInput();
        using var buffer = new MemoryStream();
        input.CopyTo(buffer);
        return buffer.ToArray();
    }
}

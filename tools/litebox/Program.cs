using System;
using System.CommandLine;
using System.IO;
using LiteBox.CommandLine;
using LiteBox.Image;

var root = new RootCommand("litebox: from a root file system to a verified confidential VM")
{
    BuildCommand.Create(),
    RunCommand.Create(),
    InspectCommand.Create(),
};

var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
try
{
    return await root.Parse(args).InvokeAsync(configuration);
}
catch (Exception wrong) when (wrong is UsageException or ImageFormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"litebox: {wrong.Message}");
    return UsageException.ExitStatus;
}

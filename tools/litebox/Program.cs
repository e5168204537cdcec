using System.CommandLine;
using System.Threading.Tasks;

namespace LiteBox.CommandLine;

/// <summary>The entry point. One file a command, registered here.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => RunAsync(arguments);

    /// <summary>Runs one command line and answers with its exit status; tests call this in place of a process.</summary>
    internal static Task<int> RunAsync(string[] arguments) => CommandRunner.RunAsync(CreateRoot(), arguments);

    /// <summary>Every command.</summary>
    internal static RootCommand CreateRoot() => new("litebox: from a root file system to a verified confidential VM")
    {
        BuildCommand.Create(),
        RunCommand.Create(),
        InspectCommand.Create(),
        MeasureCommand.Create(),
        IdBlockCommand.Create(),
        ReportCommand.Create(),
        VerifyCommand.Create(),
        AzureCommand.Create(),
        FetchCertsCommand.Create(),
        CertsCommand.Create(),
    };
}

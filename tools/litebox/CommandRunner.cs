using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using LiteBox.Image;

namespace LiteBox.CommandLine;

/// <summary>Parses a command line, runs its command and answers with its exit code.</summary>
internal static class CommandRunner
{
    internal static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
        }

        // A value that starts with @ is a value: nonces and command lines may.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            Console.Error.WriteLine($"litebox: {OneLine(parsed.Errors[0])} (litebox {Path(parsed)}--help shows the options)");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = Console.Out,
                Error = Console.Error });
        }
        catch (CommandFailure failure)
        {
            Console.Error.WriteLine($"litebox: {failure.Message}");
            return failure.ExitCode;
        }
        catch (Exception wrong) when (wrong is UsageException or ImageFormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"litebox: {wrong.Message}");
            return wrong switch
            {
                UsageException => ExitCode.Usage,
                ImageFormatException => ExitCode.Malformed,
                _ => ExitCode.File,
            };
        }
    }

    /// <summary>The parser's message without line breaks, and with the option that it speaks of.</summary>
    private static string OneLine(ParseError error)
    {
        var message = string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return error.SymbolResult is OptionResult { Option.Name: var name } && !message.Contains(name, StringComparison.Ordinal)
            ? $"{name}: {message}" : message;
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result.Parent is CommandResult parent; result = parent)
        {
            names.Insert(0, result.Command.Name + " ");
        }

        return string.Concat(names);
    }

    /// <summary>The usual help, then the command's examples and the exit codes.</summary>
    private sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = usual.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is ToolCommand command)
            {
                output.WriteLine($"Examples, in a clone after `make image`:\n{Indent(command.Examples)}\n");
                output.WriteLine(ExitCode.Help);
            }

            return code;
        }

        private static string Indent(string lines) => string.Join('\n', lines.Split('\n').Select(line => $"  {line}"));
    }
}

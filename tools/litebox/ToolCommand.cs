using System.CommandLine;

namespace LiteBox.CommandLine;

/// <summary>A command with examples that can be pasted; its help ends with them.</summary>
internal sealed class ToolCommand(string name, string description, string examples) : Command(name, description)
{
    /// <summary>Whole command lines, one or more.</summary>
    internal string Examples { get; } = examples;
}

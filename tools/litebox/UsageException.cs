using System;

namespace LiteBox.CommandLine;

/// <summary>Wrong input. The message is one line that names the file or option, and the fix.</summary>
internal sealed class UsageException(string message) : Exception(message);

using LiteBox.North.Processes;

namespace LiteBox.North.SystemCalls;

/// <summary>
/// Runs one system call for <paramref name="task"/>: first decodes and checks every argument without effects, then does the work, which
/// cannot fail for argument reasons.
/// </summary>
internal delegate Result SystemCallHandler(Task task, in SystemCallArguments arguments);

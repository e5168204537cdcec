using System.Diagnostics.CodeAnalysis;

namespace System;

public static class Environment
{
    public static string NewLine => "\n";

    /// <summary>Stops the machine with a message.</summary>
    [DoesNotReturn]
    public static void FailFast(string? message) => LiteBox.Runtime.FailFast.Stop("Environment.FailFast", message);
}

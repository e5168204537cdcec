using Internal.Runtime.CompilerHelpers;
using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;

namespace LiteBox.Runtime;

/// <summary>The end of every throw and every failed check: the machine, or whoever set the hook, stops with a reason.</summary>
public static unsafe class FailFast
{
    private static delegate*<string, string?, void> s_hook;
    private static bool s_stopping;

    /// <summary>Sets who is told. The hook gets a reason and perhaps a detail, must not allocate and does not return.</summary>
    public static void SetHook(delegate*<string, string?, void> hook) => s_hook = hook;

    /// <summary>Stops. Allocates nothing.</summary>
    /// <param name="reason">What is broken: the name of the exception, or a sentence.</param>
    /// <param name="detail">The message of the exception, if there is one.</param>
    [DoesNotReturn]
    public static void Stop(string reason, string? detail = null)
    {
        // SAFETY: the hook was set by the image's own start-up code.
        if (s_hook != null && !s_stopping)
        {
            s_stopping = true;
            s_hook(reason, detail);
        }

        while (true)
        {
        }
    }

    [RuntimeExport("RhpThrowEx")]
    private static void Throw(Exception? exception)
    {
        if (exception is null)
        {
            Stop("NullReferenceException");
        }

        Stop(exception.Name, exception.Message);
    }

    [RuntimeExport("RhpRethrow")]
    private static void Rethrow() => Stop("A rethrow without a catch.");

    [RuntimeExport("RhpFallbackFailFast")]
    private static void Fallback() => Stop("The compiled code gave up.");
}

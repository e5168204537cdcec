namespace System;

/// <summary>
/// What went wrong. Nothing catches here: <c>throw</c> hands the exception to the stop of <see cref="LiteBox.Runtime.FailFast"/>.
/// </summary>
public class Exception
{
    private readonly string? _message;

    public Exception()
    {
    }

    public Exception(string? message) => _message = message;

    public Exception(string? message, Exception? innerException)
    {
        _message = message;
        InnerException = innerException;
    }

    public virtual string Message => _message ?? Name;

    public Exception? InnerException { get; }

    /// <summary>The name that the stop report prints: an image holds no names of types.</summary>
    internal virtual string Name => "Exception";

    public override string ToString() => Message;
}

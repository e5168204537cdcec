using System;
using LiteBox.Platform;

namespace LiteBox.South.Consoles;

/// <summary>The console of a release image that was not given one (T64): takes everything, shows nothing, and nobody types. The device is never touched.</summary>
internal sealed class SilentConsole : SerialConsole
{
    /// <inheritdoc/>
    public override ConsoleReceiver? Receiver { get; set; }

    /// <inheritdoc/>
    public override WaitQueue OutputReady { get; } = new();

    /// <inheritdoc/>
    public override int OutputPending => 0;

    /// <inheritdoc/>
    public override int TryWrite(ReadOnlySpan<byte> bytes) => bytes.Length;
}

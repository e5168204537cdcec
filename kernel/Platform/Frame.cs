using System;

namespace LiteBox.Platform;

/// <summary>
/// One 4 KiB page of physical memory, named by its number. It is a counted handle, not a pointer: what it names is reached only
/// through <see cref="FrameAllocator"/>, which refuses frames that do not hold user or page-cache data.
/// </summary>
public readonly struct Frame : IEquatable<Frame>
{
    /// <summary>Names the frame with this number (physical address divided by 4096). Only a South makes frames up.</summary>
    public Frame(uint number) => Number = number;

    /// <summary>Physical address divided by 4096. 0 is never handed out and means "no frame".</summary>
    public uint Number { get; }

    /// <summary>No frame.</summary>
    public static Frame None => default;

    /// <summary>True for <see cref="None"/>.</summary>
    public bool IsNone => Number == 0;

    /// <summary>Same frame.</summary>
    public static bool operator ==(Frame a, Frame b) => a.Number == b.Number;

    /// <summary>Different frames.</summary>
    public static bool operator !=(Frame a, Frame b) => a.Number != b.Number;

    /// <inheritdoc/>
    public bool Equals(Frame other) => Number == other.Number;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Frame other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Number;
}

using System;

namespace LiteBox.Image;

/// <summary>Input that is not what its format demands. The message names what was read, where, and what was expected.</summary>
public sealed class ImageFormatException : Exception
{
    /// <summary>Says what is wrong in one line.</summary>
    public ImageFormatException(string message)
        : base(message)
    {
    }
}

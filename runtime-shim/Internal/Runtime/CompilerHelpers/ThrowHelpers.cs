using LiteBox.Runtime;
using System;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>Where compiled code goes when a check fails. Nothing is allocated: the stop must work when memory has run out.</summary>
public static class ThrowHelpers
{
    public static void ThrowIndexOutOfRangeException() => FailFast.Stop("IndexOutOfRangeException");

    public static void ThrowOverflowException() => FailFast.Stop("OverflowException");

    public static void ThrowNullReferenceException() => FailFast.Stop("NullReferenceException");

    public static void ThrowDivideByZeroException() => FailFast.Stop("DivideByZeroException");

    public static void ThrowArgumentException() => FailFast.Stop("ArgumentException");

    public static void ThrowArgumentOutOfRangeException() => FailFast.Stop("ArgumentOutOfRangeException");

    public static void ThrowPlatformNotSupportedException() => FailFast.Stop("PlatformNotSupportedException");

    public static void ThrowNotImplementedException() => FailFast.Stop("NotImplementedException");

    public static void ThrowInvalidProgramException() => FailFast.Stop("InvalidProgramException");

    public static void ThrowInvalidProgramExceptionWithArgument() => FailFast.Stop("InvalidProgramException");

    public static void ThrowFeatureBodyRemoved() => FailFast.Stop("NotSupportedException");

    public static void ThrowInstanceBodyRemoved() => FailFast.Stop("A method ran on an object that the compiler proved cannot exist.");

    public static void ThrowUnavailableType() => FailFast.Stop("TypeLoadException");
}

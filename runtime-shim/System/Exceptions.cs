// The exceptions that .NET's own members name. Each says its name, for the stop report.
namespace System
{
    public class SystemException : Exception
    {
        public SystemException()
        {
        }

        public SystemException(string? message)
            : base(message)
        {
        }

        public SystemException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "SystemException";
    }

    public class ArithmeticException : SystemException
    {
        public ArithmeticException()
        {
        }

        public ArithmeticException(string? message)
            : base(message)
        {
        }

        public ArithmeticException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "ArithmeticException";
    }

    public class ArrayTypeMismatchException : SystemException
    {
        public ArrayTypeMismatchException()
        {
        }

        public ArrayTypeMismatchException(string? message)
            : base(message)
        {
        }

        public ArrayTypeMismatchException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "ArrayTypeMismatchException";
    }

    public class DivideByZeroException : ArithmeticException
    {
        public DivideByZeroException()
        {
        }

        public DivideByZeroException(string? message)
            : base(message)
        {
        }

        public DivideByZeroException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "DivideByZeroException";
    }

    public class FormatException : SystemException
    {
        public FormatException()
        {
        }

        public FormatException(string? message)
            : base(message)
        {
        }

        public FormatException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "FormatException";
    }

    public class IndexOutOfRangeException : SystemException
    {
        public IndexOutOfRangeException()
        {
        }

        public IndexOutOfRangeException(string? message)
            : base(message)
        {
        }

        public IndexOutOfRangeException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "IndexOutOfRangeException";
    }

    public class InvalidCastException : SystemException
    {
        public InvalidCastException()
        {
        }

        public InvalidCastException(string? message)
            : base(message)
        {
        }

        public InvalidCastException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "InvalidCastException";
    }

    public class InvalidOperationException : SystemException
    {
        public InvalidOperationException()
        {
        }

        public InvalidOperationException(string? message)
            : base(message)
        {
        }

        public InvalidOperationException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "InvalidOperationException";
    }

    public class NotImplementedException : SystemException
    {
        public NotImplementedException()
        {
        }

        public NotImplementedException(string? message)
            : base(message)
        {
        }

        public NotImplementedException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "NotImplementedException";
    }

    public class NotSupportedException : SystemException
    {
        public NotSupportedException()
        {
        }

        public NotSupportedException(string? message)
            : base(message)
        {
        }

        public NotSupportedException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "NotSupportedException";
    }

    public class NullReferenceException : SystemException
    {
        public NullReferenceException()
        {
        }

        public NullReferenceException(string? message)
            : base(message)
        {
        }

        public NullReferenceException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "NullReferenceException";
    }

    public class ObjectDisposedException : InvalidOperationException
    {
        public ObjectDisposedException()
        {
        }

        public ObjectDisposedException(string? message)
            : base(message)
        {
        }

        public ObjectDisposedException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "ObjectDisposedException";
    }

    public class OutOfMemoryException : SystemException
    {
        public OutOfMemoryException()
        {
        }

        public OutOfMemoryException(string? message)
            : base(message)
        {
        }

        public OutOfMemoryException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "OutOfMemoryException";
    }

    public class OverflowException : ArithmeticException
    {
        public OverflowException()
        {
        }

        public OverflowException(string? message)
            : base(message)
        {
        }

        public OverflowException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "OverflowException";
    }

    public class PlatformNotSupportedException : NotSupportedException
    {
        public PlatformNotSupportedException()
        {
        }

        public PlatformNotSupportedException(string? message)
            : base(message)
        {
        }

        public PlatformNotSupportedException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "PlatformNotSupportedException";
    }

    public class RankException : SystemException
    {
        public RankException()
        {
        }

        public RankException(string? message)
            : base(message)
        {
        }

        public RankException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "RankException";
    }

    public class TimeoutException : SystemException
    {
        public TimeoutException()
        {
        }

        public TimeoutException(string? message)
            : base(message)
        {
        }

        public TimeoutException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "TimeoutException";
    }

    public class TypeInitializationException : SystemException
    {
        public TypeInitializationException()
        {
        }

        public TypeInitializationException(string? message)
            : base(message)
        {
        }

        public TypeInitializationException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "TypeInitializationException";
    }

    public class ArgumentException : SystemException
    {
        public ArgumentException()
        {
        }

        public ArgumentException(string? message)
            : base(message)
        {
        }

        public ArgumentException(string? message, string? paramName)
            : base(message) => ParamName = paramName;

        public string? ParamName { get; }

        internal override string Name => "ArgumentException";
    }

    public class ArgumentNullException : ArgumentException
    {
        public ArgumentNullException()
        {
        }

        public ArgumentNullException(string? paramName)
            : base("The value is null.", paramName)
        {
        }

        public ArgumentNullException(string? paramName, string? message)
            : base(message, paramName)
        {
        }

        internal override string Name => "ArgumentNullException";

        public static void ThrowIfNull(
            [Diagnostics.CodeAnalysis.NotNull] object? argument,
            [Runtime.CompilerServices.CallerArgumentExpression(nameof(argument))] string? paramName = null)
        {
            if (argument is null)
            {
                throw new ArgumentNullException(paramName);
            }
        }
    }

    public class ArgumentOutOfRangeException : ArgumentException
    {
        public ArgumentOutOfRangeException()
        {
        }

        public ArgumentOutOfRangeException(string? paramName)
            : base("The value is out of range.", paramName)
        {
        }

        public ArgumentOutOfRangeException(string? paramName, string? message)
            : base(message, paramName)
        {
        }

        public ArgumentOutOfRangeException(string? paramName, object? actualValue, string? message)
            : base(message, paramName)
        {
        }

        internal override string Name => "ArgumentOutOfRangeException";

        public static void ThrowIfNegative(int value, [Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? paramName = null)
        {
            if (value < 0)
            {
                throw new ArgumentOutOfRangeException(paramName);
            }
        }

        public static void ThrowIfNegativeOrZero(
            int value, [Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? paramName = null)
        {
            if (value <= 0)
            {
                throw new ArgumentOutOfRangeException(paramName);
            }
        }

        public static void ThrowIfGreaterThan<T>(
            T value, T other, [Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? paramName = null)
            where T : IComparable<T>
        {
            if (value.CompareTo(other) > 0)
            {
                throw new ArgumentOutOfRangeException(paramName);
            }
        }

        public static void ThrowIfLessThan<T>(
            T value, T other, [Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? paramName = null)
            where T : IComparable<T>
        {
            if (value.CompareTo(other) < 0)
            {
                throw new ArgumentOutOfRangeException(paramName);
            }
        }
    }
}

namespace System.Diagnostics
{
    public class UnreachableException : Exception
    {
        public UnreachableException()
        {
        }

        public UnreachableException(string? message)
            : base(message)
        {
        }

        public UnreachableException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "UnreachableException";
    }
}

namespace System.Collections.Generic
{
    public class KeyNotFoundException : SystemException
    {
        public KeyNotFoundException()
        {
        }

        public KeyNotFoundException(string? message)
            : base(message)
        {
        }

        public KeyNotFoundException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "KeyNotFoundException";
    }
}

namespace System.Runtime.CompilerServices
{
    public class SwitchExpressionException : InvalidOperationException
    {
        public SwitchExpressionException()
        {
        }

        public SwitchExpressionException(string? message)
            : base(message)
        {
        }

        public SwitchExpressionException(string? message, Exception? innerException)
            : base(message, innerException)
        {
        }

        internal override string Name => "SwitchExpressionException";
    }
}

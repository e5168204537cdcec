using LiteBox.Abi;

namespace LiteBox.North.Tests;

/// <summary>
/// A Linux to make system calls on: this kernel on the fake machine, or the one that the tests run on. The same test program runs on both, and what it
/// wrote down must be the same.
/// </summary>
internal interface ISystem
{
    /// <summary>Makes a call; the result is as in RAX: a negated error number on failure.</summary>
    long Call(SystemCallNumber number, params ulong[] arguments);

    /// <summary>Puts bytes into the program's memory, until <see cref="Forget"/>.</summary>
    ulong Put(ReadOnlySpan<byte> bytes);

    /// <summary>Looks at the program's memory.</summary>
    byte[] Get(ulong address, int length);

    /// <summary>Makes the memory of all <see cref="Put"/>s free again.</summary>
    void Forget();
}

internal static class SystemExtensions
{
    /// <summary>Puts a C string into the program's memory.</summary>
    public static ulong Text(this ISystem system, string text) => system.Put(System.Text.Encoding.Latin1.GetBytes(text + "\0"));

    /// <summary>Zeros to be overwritten.</summary>
    public static ulong Buffer(this ISystem system, int length) => system.Put(new byte[length]);

    /// <summary>A result as text: the error's name, or the number.</summary>
    public static string Show(long result) => result is < 0 and >= -4095 ? ((Errno)(-result)).ToString() : result.ToString();
}

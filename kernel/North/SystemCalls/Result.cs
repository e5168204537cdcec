using LiteBox.Abi;

namespace LiteBox.North.SystemCalls;

/// <summary>
/// What a system call answers: a value (0 or more, or any address) or an <see cref="Errno"/>. In RAX an error stands as the negated
/// number, between -4095 and -1, which no value uses.
/// </summary>
public readonly struct Result
{
    private Result(long value) => Value = value;

    /// <summary>The number for RAX.</summary>
    public long Value { get; }

    /// <summary>Success without a value.</summary>
    public static Result Success => default;

    /// <summary>True for an error.</summary>
    public bool IsError => (ulong)Value > unchecked((ulong)-4096L);

    /// <summary>The error, or <see cref="Errno.None"/>.</summary>
    public Errno Error => IsError ? (Errno)(-Value) : Errno.None;

    public static implicit operator Result(Errno error) => new(-(long)error);

    public static implicit operator Result(long value) => new(value);

    public static implicit operator Result(int value) => new(value);

    /// <summary>A value that is an address or another unsigned number.</summary>
    public static Result FromAddress(ulong value) => new(unchecked((long)value));
}

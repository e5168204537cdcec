using System;

namespace LiteBox.Platform;

/// <summary>
/// The only way from North to the memory of the program whose thread is running. Every call checks that the range lies in the user half,
/// lets page faults be resolved by <see cref="UserTask.OnPageFault"/>, and answers false (EFAULT) where one cannot be.
/// A call that answers false may have copied a part.
/// </summary>
public abstract class UserMemory
{
    /// <summary>Copies in. False: EFAULT.</summary>
    public abstract bool TryRead(UserAddress source, Span<byte> destination);

    /// <summary>Copies out. False: EFAULT.</summary>
    public abstract bool TryWrite(UserAddress destination, ReadOnlySpan<byte> source);

    /// <summary>Writes zeros. False: EFAULT.</summary>
    public abstract bool TryClear(UserAddress destination, ulong length);

    /// <summary>
    /// Copies in up to and without the terminating zero. <paramref name="length"/> is the number of bytes before the zero;
    /// when there is no zero within <paramref name="destination"/>, it is the destination's length. False: EFAULT.
    /// </summary>
    public abstract bool TryReadString(UserAddress source, Span<byte> destination, out int length);

    /// <summary>Loads an aligned 32-bit word in one access, as futex needs. False: EFAULT.</summary>
    public abstract bool TryReadUInt32(UserAddress source, out uint value);

    /// <summary>
    /// Atomically stores <paramref name="value"/> where <paramref name="comparand"/> stands; <paramref name="found"/> is what stood there.
    /// The address is a multiple of 4. False: EFAULT.
    /// </summary>
    public abstract bool TryCompareExchange(UserAddress target, uint comparand, uint value, out uint found);
}

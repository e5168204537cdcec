using System;
using System.Runtime.CompilerServices;

namespace LiteBox.Platform;

/// <summary>
/// A virtual address that a user program named: a claim that proves nothing. It becomes data only through
/// <see cref="UserMemory"/>, whose copies check the range and survive a fault.
/// </summary>
public readonly struct UserAddress : IEquatable<UserAddress>, IComparable<UserAddress>
{
    /// <summary>Bytes in the smallest page (APM volume 2, 5.3).</summary>
    public const int PageSize = 4096;

    /// <summary>Log2 of <see cref="PageSize"/>.</summary>
    public const int PageShift = 12;

    /// <summary>One past the last address that user programs may use: Linux's TASK_SIZE with four-level paging, a page short of 2^47.</summary>
    public const ulong Limit = 0x7FFF_FFFF_F000;

    /// <summary>Takes any number a program passed.</summary>
    public UserAddress(ulong value) => Value = value;

    /// <summary>The number itself.</summary>
    public ulong Value { get; }

    /// <summary>The null pointer.</summary>
    public static UserAddress Null => default;

    /// <summary>True for the null pointer.</summary>
    public bool IsNull => Value == 0;

    /// <summary>The start of the page that holds this address.</summary>
    public UserAddress PageStart
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Value & ~(ulong)(PageSize - 1));
    }

    /// <summary>Offset in its page, 0 to 4095.</summary>
    public int PageOffset => (int)(Value & (PageSize - 1));

    /// <summary>Number of its page, counted from address 0.</summary>
    public ulong PageNumber => Value >> PageShift;

    /// <summary>True where the address is a multiple of the page size.</summary>
    public bool IsPageAligned => (Value & (PageSize - 1)) == 0;

    /// <summary>True where all <paramref name="length"/> bytes from here lie below <see cref="Limit"/>, without wrapping.</summary>
    public bool IsRangeInUserHalf(ulong length) => length <= Limit && Value <= Limit - length;

    /// <summary>The same for a length that cannot be beyond <see cref="Limit"/>.</summary>
    public bool IsRangeInUserHalf(uint length) => Value <= Limit - length;

    /// <summary>The address <paramref name="bytes"/> higher; wraps as the machine's arithmetic does.</summary>
    public static UserAddress operator +(UserAddress address, ulong bytes) => new(unchecked(address.Value + bytes));

    /// <summary>The address <paramref name="bytes"/> lower; wraps as the machine's arithmetic does.</summary>
    public static UserAddress operator -(UserAddress address, ulong bytes) => new(unchecked(address.Value - bytes));

    /// <summary>Distance in bytes.</summary>
    public static ulong operator -(UserAddress high, UserAddress low) => unchecked(high.Value - low.Value);

    /// <summary>Order of addresses.</summary>
    public static bool operator <(UserAddress a, UserAddress b) => a.Value < b.Value;

    /// <summary>Order of addresses.</summary>
    public static bool operator >(UserAddress a, UserAddress b) => a.Value > b.Value;

    /// <summary>Order of addresses.</summary>
    public static bool operator <=(UserAddress a, UserAddress b) => a.Value <= b.Value;

    /// <summary>Order of addresses.</summary>
    public static bool operator >=(UserAddress a, UserAddress b) => a.Value >= b.Value;

    /// <summary>Equality of addresses.</summary>
    public static bool operator ==(UserAddress a, UserAddress b) => a.Value == b.Value;

    /// <summary>Inequality of addresses.</summary>
    public static bool operator !=(UserAddress a, UserAddress b) => a.Value != b.Value;

    /// <inheritdoc/>
    public bool Equals(UserAddress other) => Value == other.Value;

    /// <inheritdoc/>
    public int CompareTo(UserAddress other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UserAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();
}

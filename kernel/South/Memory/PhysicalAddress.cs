using System;

namespace LiteBox.South.Memory;

/// <summary>An address on the processor's memory bus, without the encryption bit. Not a pointer: <c>PhysicalMemory</c> makes one of it.</summary>
internal readonly struct PhysicalAddress : IEquatable<PhysicalAddress>
{
    /// <summary>One past the last address that this kernel uses: a frame's number must fit in 32 bits.</summary>
    public const ulong Limit = 1UL << 44;

    public PhysicalAddress(ulong value) => Value = value;

    public ulong Value { get; }

    /// <summary>Number of the 4 KiB frame that holds this address.</summary>
    public uint FrameNumber => (uint)(Value >> PageSize.Shift);

    /// <summary>The first byte of a frame.</summary>
    public static PhysicalAddress OfFrame(uint number) => new((ulong)number << PageSize.Shift);

    public static PhysicalAddress operator +(PhysicalAddress address, ulong bytes) => new(address.Value + bytes);

    public static ulong operator -(PhysicalAddress high, PhysicalAddress low) => high.Value - low.Value;

    public static bool operator ==(PhysicalAddress a, PhysicalAddress b) => a.Value == b.Value;

    public static bool operator !=(PhysicalAddress a, PhysicalAddress b) => a.Value != b.Value;

    public bool Equals(PhysicalAddress other) => Value == other.Value;

    public override bool Equals(object? obj) => obj is PhysicalAddress other && Equals(other);

    public override int GetHashCode() => Value.GetHashCode();
}

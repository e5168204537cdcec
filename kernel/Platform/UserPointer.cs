using System;
using System.Runtime.InteropServices;
using LiteBox.Abi;

namespace LiteBox.Platform;

/// <summary>A claim that a <typeparamref name="T"/> stands at a user address. Nothing is known until a copy succeeds.</summary>
public readonly struct UserPointer<T>
    where T : unmanaged, IUserStructure
{
    /// <summary>Takes the claim.</summary>
    public UserPointer(UserAddress address) => Address = address;

    /// <summary>Takes the claim from a system call's argument.</summary>
    public UserPointer(ulong argument) => Address = new UserAddress(argument);

    /// <summary>Where it is said to stand.</summary>
    public UserAddress Address { get; }

    /// <summary>True for the null pointer, which many calls take for "not given".</summary>
    public bool IsNull => Address.IsNull;

    // The three members below are the one place where this layer views a structure as bytes. IUserStructure makes that sound:
    // no references (unmanaged), no padding, no invalid bit patterns.
#pragma warning disable RS0030 // MemoryMarshal is banned elsewhere in this room

    /// <summary>Copies the structure in, once. False: EFAULT.</summary>
    public bool TryRead(UserMemory memory, out T value)
    {
        value = default;
        return TryReadOver(memory, ref value);
    }

    /// <summary>The same over a structure that holds something, of which a part may be left where the answer is false.</summary>
    public bool TryReadOver(UserMemory memory, ref T value) => memory.TryRead(Address, MemoryMarshal.AsBytes(new Span<T>(ref value)));

    /// <summary>Copies the structure out. False: EFAULT.</summary>
    public bool TryWrite(UserMemory memory, in T value) =>
        memory.TryWrite(Address, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

#pragma warning restore RS0030
}

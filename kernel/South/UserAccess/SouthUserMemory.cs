using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LiteBox.Platform;
using LiteBox.South.Instructions;

namespace LiteBox.South.UserAccess;

/// <summary>
/// User copies. The range check here and the fault fix-up in the stubs together keep a program's pointer from reaching anything but its own memory
/// (T66): the addresses are in the user half, and what is not mapped there for such an access is an answer, not a fault.
/// </summary>
/// <remarks>
/// SAFETY (all members): the kernel side of each copy is a span's memory or a local, of the length that is passed. Nothing moves it: the collector does
/// not, and it finds what a register or the stack points into.
/// </remarks>
internal sealed unsafe class SouthUserMemory : UserMemory
{
    /// <inheritdoc/>
    public override bool TryRead(UserAddress source, Span<byte> destination) =>
        source.IsRangeInUserHalf((uint)destination.Length)
            ? Instruction.CopyFromUser(Unsafe.AsPointer(ref MemoryMarshal.GetReference(destination)), source.Value, (uint)destination.Length)
            : destination.Length == 0;

    /// <inheritdoc/>
    public override bool TryWrite(UserAddress destination, ReadOnlySpan<byte> source) =>
        destination.IsRangeInUserHalf((uint)source.Length)
            ? Instruction.CopyToUser(destination.Value, Unsafe.AsPointer(ref MemoryMarshal.GetReference(source)), (uint)source.Length)
            : source.Length == 0;

    /// <inheritdoc/>
    public override bool TryClear(UserAddress destination, ulong length) =>
        length == 0 || (destination.IsRangeInUserHalf(length) && Instruction.ClearUser(destination.Value, length));

    /// <inheritdoc/>
    public override bool TryReadString(UserAddress source, Span<byte> destination, out int length)
    {
        // A string may end before the user half does, so only as much is asked for as lies in it.
        ulong available = source.Value < UserAddress.Limit ? UserAddress.Limit - source.Value : 0;
        ulong capacity = Math.Min((ulong)destination.Length, available);
        if (capacity == 0)
        {
            length = 0;
            return destination.Length == 0;
        }

        long found;
        fixed (byte* pointer = destination)
        {
            found = Instruction.CopyStringFromUser(pointer, source.Value, capacity);
        }

        length = (int)found;
        bool ranOut = (ulong)found == capacity && capacity < (ulong)destination.Length; // no zero up to the end of the user half
        return found >= 0 && !ranOut;
    }

    /// <inheritdoc/>
    public override bool TryReadUInt32(UserAddress source, out uint value)
    {
        uint read = 0;
        bool success = source.IsRangeInUserHalf(sizeof(uint)) && Instruction.LoadUser32(source.Value, &read);
        value = read;
        return success;
    }

    /// <inheritdoc/>
    public override bool TryCompareExchange(UserAddress target, uint comparand, uint value, out uint found)
    {
        uint stood = 0;
        bool success = target.IsRangeInUserHalf(sizeof(uint)) && Instruction.CompareExchangeUser32(target.Value, comparand, value, &stood);
        found = stood;
        return success;
    }
}

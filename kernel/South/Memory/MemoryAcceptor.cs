namespace LiteBox.South.Memory;

/// <summary>What makes unaccepted memory (UEFI 2.10, 7.2.3, EfiUnacceptedMemoryType) usable: how depends on the machine. What fails stops it.</summary>
internal abstract class MemoryAcceptor
{
    /// <summary>These frames, up to <paramref name="end"/>, are unaccepted and will come to <see cref="Accept"/>, from the lowest upwards.</summary>
    public abstract void Expect(ulong start, ulong end);

    /// <summary>
    /// Accepts frames that lie within one block of 2 MiB and puts them into the direct map. Those behind them, up to <paramref name="rangeEnd"/>, come later.
    /// </summary>
    public abstract void Accept(uint first, uint count, ulong rangeEnd);
}

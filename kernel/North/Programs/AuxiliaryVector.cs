namespace LiteBox.North.Programs;

/// <summary>Keys of the auxiliary vector (getauxval(3); include/uapi/linux/auxvec.h).</summary>
internal enum AuxiliaryKey : ulong
{
    End = 0,
    ProgramHeaders = 3,
    ProgramHeaderSize = 4,
    ProgramHeaderCount = 5,
    PageSize = 6,
    InterpreterBase = 7,
    Flags = 8,
    Entry = 9,
    UserId = 11,
    EffectiveUserId = 12,
    GroupId = 13,
    EffectiveGroupId = 14,
    Platform = 15,
    HardwareCapabilities = 16,
    ClockTicks = 17,
    Secure = 23,
    Random = 25,
    HardwareCapabilities2 = 26,
    ExecutablePath = 31,
    MinimumSignalStack = 51,
}

/// <summary>Gathers the pairs of an auxiliary vector.</summary>
internal sealed class AuxiliaryVector
{
    private const int MaximumPairs = 24;

    private readonly ulong[] words = new ulong[MaximumPairs * 2];

    /// <summary>Words so far.</summary>
    public int Length { get; private set; }

    /// <summary>One word, keys and values in turn.</summary>
    public ulong this[int index] => words[index];

    /// <summary>Appends a pair.</summary>
    public void Add(AuxiliaryKey key, ulong value)
    {
        words[Length++] = (ulong)key;
        words[Length++] = value;
    }
}

namespace LiteBox.Attestation;

/// <summary>One named bit of POLICY or PLATFORM_INFO.</summary>
/// <param name="Bit">Its number, 0 is the least significant.</param>
/// <param name="Name">AMD's name.</param>
/// <param name="Meaning">What a one says.</param>
public sealed record NamedBit(int Bit, string Name, string Meaning)
{
    /// <summary>The bit as a mask.</summary>
    public ulong Mask => 1UL << Bit;

    /// <summary>Finds a bit by name in a table; upper and lower case are one.</summary>
    public static NamedBit? Find(IReadOnlyList<NamedBit> table, string name)
    {
        foreach (var bit in table)
        {
            if (string.Equals(bit.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return bit;
            }
        }

        return null;
    }

    /// <summary>The names of the bits of a table that are set in a value.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<NamedBit> table, ulong value) =>
        [.. table.Where(bit => (value & bit.Mask) != 0).Select(bit => bit.Name)];
}

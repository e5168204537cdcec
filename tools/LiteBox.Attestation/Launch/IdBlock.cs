using System.Buffers.Binary;

namespace LiteBox.Attestation;

/// <summary>
/// The ID block that a host gives at the end of a launch: the firmware finishes the launch only when digest and policy agree, and
/// puts the rest into every report (56860, ID_BLOCK).
/// </summary>
public sealed record IdBlock
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 96;

    private const string Subject = "ID block";
    private const uint FormatVersion = 1;

    /// <summary>The launch digest that is required, 48 bytes.</summary>
    public required byte[] LaunchDigest { get; init; }

    /// <summary>FAMILY_ID of the report, 16 bytes of the owner's choice.</summary>
    public byte[] FamilyId { get; init; } = new byte[16];

    /// <summary>IMAGE_ID of the report, 16 bytes of the owner's choice.</summary>
    public byte[] ImageId { get; init; } = new byte[16];

    /// <summary>GUEST_SVN of the report.</summary>
    public uint GuestSvn { get; init; }

    /// <summary>The guest policy that is required.</summary>
    public GuestPolicy Policy { get; init; } = new(0x30000);

    /// <summary>Reads a block.</summary>
    /// <param name="data">Exactly 96 bytes.</param>
    public static Parsed<IdBlock> Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != Size)
        {
            return new FormatError(Subject, Math.Min(data.Length, Size), $"it has {data.Length} bytes, not {Size}");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(data[0x50..]);
        return version != FormatVersion
            ? new FormatError(Subject, 0x50, $"its version is {version}, only 1 is defined")
            : new IdBlock
            {
                LaunchDigest = data[..0x30].ToArray(),
                FamilyId = data[0x30..0x40].ToArray(),
                ImageId = data[0x40..0x50].ToArray(),
                GuestSvn = BinaryPrimitives.ReadUInt32LittleEndian(data[0x54..]),
                Policy = new(BinaryPrimitives.ReadUInt64LittleEndian(data[0x58..])),
            };
    }

    /// <summary>The block as the firmware takes it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        LaunchDigest.AsSpan(0, 48).CopyTo(bytes);
        FamilyId.AsSpan(0, 16).CopyTo(bytes.AsSpan(0x30));
        ImageId.AsSpan(0, 16).CopyTo(bytes.AsSpan(0x40));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x50), FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(0x54), GuestSvn);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(0x58), Policy.Raw);
        return bytes;
    }
}

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>What a section of the firmware's SEV metadata is for (edk2, OvmfPkg/ResetVector).</summary>
internal enum SectionType : uint
{
    /// <summary>Memory that the first code uses: validated and zero.</summary>
    SecurityMemory = 1,

    Secrets = 2,
    Cpuid = 3,
    SvsmCallingArea = 4,
    KernelHashes = 0x10,
}

/// <summary>One section of the metadata.</summary>
internal struct MetadataSection
{
    public uint Address;
    public uint Size;
    public SectionType Type;
}

/// <summary>
/// The table at the end of an OVMF image: entries {data, u16 length, GUID} that are read backwards from 32 bytes before the end, found by
/// GUID. It comes from a file, so every length is checked against the image.
/// </summary>
internal unsafe struct FirmwareMetadata
{
    private const ulong FooterGuidLow = 0x45F7_1FB2_96B5_82DE;
    private const ulong FooterGuidHigh = 0x2D08_5AC5_66A3_EABA;
    private const ulong SevGuidLow = 0x4798_984A_DC88_6566;
    private const ulong SevGuidHigh = 0xCC67_BFA7_8555_5EA7;
    private const ulong ResetGuidLow = 0x4FCB_1A7E_00F7_71DE;
    private const ulong ResetGuidHigh = 0x4EB4_2F7E_C768_0E89;
    private const ulong HashesGuidLow = 0x4B04_3A3B_7255_371F;
    private const ulong HashesGuidHigh = 0x54D4_A8EF_A61D_7B92;
    private const uint Signature = 0x5645_5341;
    private const ulong HeaderSize = 16;
    private const ulong SectionSize = 12;
    private const ulong EntryOverhead = 18;

    private byte* _image;
    private ulong _size;
    private ulong _sections;

    /// <summary>Sections in the metadata.</summary>
    public uint Count { get; private set; }

    /// <summary>Where an AP starts that is started by INIT and SIPI; 0 when the firmware does not say.</summary>
    public uint ResetAddress { get; private set; }

    /// <summary>Guest address of the table of kernel hashes; 0 when the firmware has none.</summary>
    public uint HashTable { get; private set; }

    public readonly MetadataSection this[uint index]
    {
        get
        {
            uint* section = (uint*)(_image + _sections + SectionSize * index);
            return new MetadataSection { Address = section[0], Size = section[1], Type = (SectionType)section[2] };
        }
    }

    /// <summary>False when the image has no metadata, or metadata that point outside of it.</summary>
    // SAFETY: every read is inside the image: "end" and "start" bound the table, and each entry's length is checked against what is left.
    public static bool TryRead(byte* image, ulong size, out FirmwareMetadata metadata)
    {
        metadata = default;
        metadata._image = image;
        metadata._size = size;
        const ulong footerDistance = 32 + 18;
        if (size < 4096)
        {
            return false;
        }
        byte* footer = image + size - footerDistance;
        if (!HasGuid(footer + 2, FooterGuidLow, FooterGuidHigh))
        {
            return false;
        }
        ulong length = *(ushort*)footer;
        if (length < EntryOverhead || length > size - 32)
        {
            return false;
        }
        byte* start = footer + EntryOverhead - length;
        byte* end = footer;
        while (end >= start + EntryOverhead)
        {
            byte* guid = end - 16;
            ulong entry = *(ushort*)(guid - 2);
            if (entry < EntryOverhead || entry > (ulong)(end - start))
            {
                return false;
            }
            uint* data = (uint*)(end - entry);
            ulong dataSize = entry - EntryOverhead;
            if (dataSize >= 4 && HasGuid(guid, SevGuidLow, SevGuidHigh) && !metadata.TryReadSections(*data))
            {
                return false;
            }
            if (dataSize >= 4 && HasGuid(guid, ResetGuidLow, ResetGuidHigh))
            {
                metadata.ResetAddress = *data;
            }
            if (dataSize >= 8 && HasGuid(guid, HashesGuidLow, HashesGuidHigh))
            {
                metadata.HashTable = *data;
            }
            end -= entry;
        }
        return metadata.Count != 0;
    }

    private bool TryReadSections(uint distanceFromEnd)
    {
        if (distanceFromEnd > _size || distanceFromEnd < HeaderSize)
        {
            return false;
        }
        ulong offset = _size - distanceFromEnd;
        uint* header = (uint*)(_image + offset);
        if (header[0] != Signature || header[2] != 1 || header[3] == 0 || header[3] > (distanceFromEnd - HeaderSize) / SectionSize)
        {
            return false;
        }
        Count = header[3];
        _sections = offset + HeaderSize;
        return true;
    }

    private static bool HasGuid(byte* memory, ulong low, ulong high) => *(ulong*)memory == low && *(ulong*)(memory + 8) == high;
}

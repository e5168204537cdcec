namespace Internal.Runtime;

/// <summary>The table of contents that the compiler leaves in an image: "RTR", version 16, for ILC 10.</summary>
internal unsafe struct ModuleHeader
{
    private const uint ExpectedSignature = 0x00525452;
    private const ushort ExpectedMajorVersion = 16;

    private readonly uint _signature;
    private readonly ushort _majorVersion;
    private readonly ushort _minorVersion;
    private readonly uint _flags;
    private readonly ushort _sections;
    private readonly byte _entrySize;
    private readonly byte _entryType;
    private ModuleSection _first;

    internal readonly bool IsValid => _signature == ExpectedSignature && _majorVersion == ExpectedMajorVersion;

    /// <summary>Finds a section; an image without one has an empty one.</summary>
    internal bool TryFind(ModuleSectionKind kind, out byte* start, out byte* end)
    {
        // SAFETY: the header says how many sections follow it.
        fixed (ModuleSection* first = &_first)
        {
            for (int i = 0; i < _sections; i++)
            {
                ModuleSection* section = (ModuleSection*)((byte*)first + (i * _entrySize));
                if (section->Kind == kind)
                {
                    start = section->Start;
                    end = section->End;
                    return true;
                }
            }
        }

        start = null;
        end = null;
        return false;
    }

    private struct ModuleSection
    {
        internal ModuleSectionKind Kind;
        internal int Flags;
        internal byte* Start;
        internal byte* End;
    }
}

internal enum ModuleSectionKind
{
    GcStatics = 201,
    EagerConstructors = 205,
    FrozenObjects = 206,
    DehydratedData = 207,
    ModuleInitializers = 213,
}

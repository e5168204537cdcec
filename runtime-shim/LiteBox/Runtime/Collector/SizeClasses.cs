using System.Runtime;
using System.Runtime.CompilerServices;

namespace LiteBox.Runtime;

/// <summary>
/// The sizes of cells. Steps of 8 bytes where most objects are, then such that little of an 8 KiB block is left over.
/// </summary>
internal static unsafe class SizeClasses
{
    internal const int Count = 23;
    internal const nuint Largest = 2048;
    private const int Granules = (int)Largest / 8;

    private static bool s_initialized;

    private static System.ReadOnlySpan<ushort> Sizes =>
    [
        24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 680, 816, 1024, 1360, 2048,
    ];

    internal static nuint CellBytes(int sizeClass) => Sizes[sizeClass];

    /// <summary>For each number of 8-byte granules, the smallest class that holds them.</summary>
    // SAFETY: the stub that reserves it makes it Granules + 1 bytes.
    internal static byte* ClassOfGranules { get; private set; }

    internal static void Initialize()
    {
        if (s_initialized)
        {
            return;
        }

        s_initialized = true;
        ClassOfGranules = ClassOfGranulesAddress();
        FreeLists.Initialize();
        int sizeClass = 0;
        for (int granules = 0; granules <= Granules; granules++)
        {
            if ((nuint)granules * 8 > Sizes[sizeClass])
            {
                sizeClass++;
            }

            ClassOfGranules[granules] = (byte)sizeClass;
        }
    }

    [RuntimeImport("LiteBoxClassOfGranulesAddress"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern byte* ClassOfGranulesAddress();
}

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

    private static Table s_classOfGranules;
    private static bool s_initialized;

    private static System.ReadOnlySpan<ushort> Sizes =>
    [
        24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 680, 816, 1024, 1360, 2048,
    ];

    internal static nuint CellBytes(int sizeClass) => Sizes[sizeClass];

    /// <summary>For each number of 8-byte granules, the smallest class that holds them.</summary>
    internal static byte* ClassOfGranules => (byte*)Unsafe.AsPointer(ref s_classOfGranules);

    internal static void Initialize()
    {
        if (s_initialized)
        {
            return;
        }

        s_initialized = true;
        int sizeClass = 0;
        for (int granules = 0; granules <= Granules; granules++)
        {
            if ((nuint)granules * 8 > Sizes[sizeClass])
            {
                sizeClass++;
            }

            // SAFETY: the table has Granules + 1 bytes.
            ClassOfGranules[granules] = (byte)sizeClass;
        }
    }

    [InlineArray(Granules + 1)]
    private struct Table
    {
        private byte _first;
    }
}

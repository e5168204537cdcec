using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Host;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>
/// The CPUID page of the launch: a count and up to 64 functions of 48 bytes, each {EAX in, ECX in, XCR0 in u64, XSS in u64, EAX, EBX, ECX,
/// EDX, reserved u64} (56860, section 8.17.2.6).
/// </summary>
internal static unsafe class CpuidPage
{
    private const int HeaderSize = 16;
    private const int FunctionSize = 48;
    private const uint ExtendedStateLeaf = 0xD;
    private const uint CompactionInstructions = 1 << 1 | 1 << 3;
    private const int LastComponent = 62;

    /// <summary>Fills in a zeroed page.</summary>
    public static void Fill(byte* page)
    {
        AppendRange(page, 0, 2);
        AppendSubLeaves(page, 4, 4);
        AppendRange(page, 5, 7);
        AppendSubLeaves(page, 0xB, 2);
        AppendExtendedState(page);
        AppendRange(page, 0x8000_0000, 0x8000_0008);
        AppendRange(page, 0x8000_0019, 0x8000_001A);
        AppendSubLeaves(page, 0x8000_001D, 4);
        AppendRange(page, 0x8000_001E, 0x8000_001F);
    }

    private static void AppendRange(byte* page, uint first, uint last)
    {
        for (uint leaf = first; leaf <= last; leaf++)
        {
            Append(page, leaf, 0);
        }
    }

    private static void AppendSubLeaves(byte* page, uint leaf, uint count)
    {
        for (uint subLeaf = 0; subLeaf < count; subLeaf++)
        {
            Append(page, leaf, subLeaf);
        }
    }

    // Guests recompute sizes from the sub-leaves of the components, and ask for the entries with XCR0 in = 1. They go on only where
    // sub-leaf 1 has XSAVEC and XSAVES.
    private static void AppendExtendedState(byte* page)
    {
        CpuidRegisters main;
        Processor.Cpuid(ExtendedStateLeaf, 0, &main);
        ulong components = (ulong)main.Edx << 32 | main.Eax;
        byte* entry = Append(page, ExtendedStateLeaf, 0);
        *(ulong*)(entry + 8) = 1;
        *(uint*)(entry + 28) = 576;
        entry = Append(page, ExtendedStateLeaf, 1);
        *(ulong*)(entry + 8) = 1;
        *(uint*)(entry + 24) |= CompactionInstructions;
        for (int component = 2; component < LastComponent; component++)
        {
            if ((components >> component & 1) != 0)
            {
                *(ulong*)(Append(page, ExtendedStateLeaf, (uint)component) + 8) = 0;
            }
        }
    }

    // SAFETY: fewer than 64 functions are ever appended, so all entries are inside the page.
    private static byte* Append(byte* page, uint leaf, uint subLeaf)
    {
        uint index = (*(uint*)page)++;
        byte* entry = page + HeaderSize + FunctionSize * index;
        HostCpuid.Query(leaf, subLeaf, 0, out CpuidRegisters registers);
        *(uint*)entry = leaf;
        *(uint*)(entry + 4) = subLeaf;
        *(uint*)(entry + 24) = registers.Eax;
        *(uint*)(entry + 28) = registers.Ebx;
        *(uint*)(entry + 32) = registers.Ecx;
        *(uint*)(entry + 36) = registers.Edx;
        return entry;
    }
}

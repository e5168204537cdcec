using System.Runtime.InteropServices;
using LiteBox.Platform;

namespace LiteBox.South.Snp;

/// <summary>One function of the CPUID page (SNP firmware ABI 56860, table 14).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SnpCpuidFunction
{
    public uint EaxIn;
    public uint EcxIn;
    public ulong Xcr0In;
    public ulong XssIn;
    public uint Eax;
    public uint Ebx;
    public uint Ecx;
    public uint Edx;
    public ulong Reserved;
}

/// <summary>
/// CPUID as the security processor checked it at launch (T37): a table, copied from its page once, and nothing that the host says later. A leaf that is
/// missing within the ranges that the table covers reads as zeros, as the processor has it.
/// </summary>
internal unsafe struct SnpCpuidTable
{
    /// <summary>Functions that the page has room for.</summary>
    public const int Capacity = 64;

    private const uint ExtendedStateLeaf = 0xD;
    private const uint FeatureLeaf = 1;
    private const uint OsXsave = 1u << 27;
    private const uint HeaderSize = 16;
    private const int LegacyStateSize = 576;

    private fixed byte functions[Capacity * 48];
    private int count;

    /// <summary>Copies the page and checks its shape. False: count too large or reserved fields set.</summary>
    // SAFETY: the caller gives a page of 4096 bytes; the table's size is that of its capacity.
    public static bool TryRead(byte* page, out SnpCpuidTable table)
    {
        table = default;
        uint count = *(uint*)page;
        if (count is 0 or > Capacity || *(uint*)(page + 4) != 0 || *(ulong*)(page + 8) != 0)
        {
            return false;
        }

        table.count = (int)count;
        for (int i = 0; i < table.count; i++)
        {
            SnpCpuidFunction function = ((SnpCpuidFunction*)(page + HeaderSize))[i];
            if (function.Reserved != 0)
            {
                return false;
            }

            table.At(i) = function;
        }

        return true;
    }

    /// <summary>The answer of the table, with what depends on this kernel's own settings filled in.</summary>
    /// <param name="xcr0">The states that the kernel has enabled, for the size of their area.</param>
    public CpuidResult Query(uint leaf, uint subleaf, ulong xcr0)
    {
        if (!TryFind(leaf, subleaf, out SnpCpuidFunction found))
        {
            return default;
        }

        return leaf switch
        {
            FeatureLeaf => new CpuidResult(found.Eax, found.Ebx & 0x00FF_FFFF, found.Ecx | OsXsave, found.Edx), // one processor: APIC number 0
            ExtendedStateLeaf when subleaf <= 1 => new CpuidResult(found.Eax, AreaSize(xcr0), found.Ecx, found.Edx),
            _ => new CpuidResult(found.Eax, found.Ebx, found.Ecx, found.Edx),
        };
    }

    /// <summary>Recomputed from the components' own leaves (APM volume 3, CPUID Fn0000_000D).</summary>
    private uint AreaSize(ulong xcr0)
    {
        uint size = LegacyStateSize;
        for (uint component = 2; component < 63; component++)
        {
            if (((xcr0 >> (int)component) & 1) != 0 && TryFind(ExtendedStateLeaf, component, out SnpCpuidFunction found)
                && found.Eax <= 1 << 16 && found.Ebx <= 1 << 16)
            {
                uint end = found.Eax + found.Ebx;
                size = end > size ? end : size;
            }
        }

        return size;
    }

    private bool TryFind(uint leaf, uint subleaf, out SnpCpuidFunction found)
    {
        for (int i = 0; i < count; i++)
        {
            found = At(i);
            if (found.EaxIn == leaf && (!HasSubleaves(leaf) || found.EcxIn == subleaf))
            {
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>Leaves whose answer depends on ECX.</summary>
    private static bool HasSubleaves(uint leaf) =>
        leaf is 4 or 7 or 0xB or 0xD or 0xF or 0x10 or 0x12 or 0x14 or 0x17 or 0x18 or 0x1D or 0x1E or 0x1F or 0x20 or 0x8000_001D or 0x8000_0020 or 0x8000_0026;

    // SAFETY: the index is below the count, which is at most the capacity.
    private ref SnpCpuidFunction At(int index)
    {
        fixed (byte* start = functions)
        {
            return ref ((SnpCpuidFunction*)start)[index];
        }
    }
}

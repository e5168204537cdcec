using System;
using LiteBox.SnpMachine.Cryptography;
using LiteBox.SnpMachine.Host;

namespace LiteBox.SnpMachine.SecurityProcessor;

/// <summary>What a kernel is made of, in the order of the table.</summary>
internal enum KernelPart
{
    CommandLine,
    Initrd,
    Kernel,
}

/// <summary>
/// The page of hashes by which the firmware knows kernel, initrd and command line again, as QEMU builds it with kernel-hashes=on
/// (QEMU, target/i386/sev.c). It reads them from QEMU itself.
/// </summary>
internal static unsafe class KernelHashes
{
    private const ulong TableGuidLow = 0x4CC9_4F22_9438_D606;
    private const ulong TableGuidHigh = 0x21FD_11D4_93A7_79B4;
    private const ulong CommandLineGuidLow = 0x4C94_BD20_97D0_2DD8;
    private const ulong CommandLineGuidHigh = 0x2AAB_364D_71E7_78AA;
    private const ulong InitrdGuidLow = 0x4BD7_3A2F_44BA_F731;
    private const ulong InitrdGuidHigh = 0x1D78_6991_E241_F19A;
    private const ulong KernelGuidLow = 0x427F_ABD2_4DE7_9437;
    private const ulong KernelGuidHigh = 0x5B04_D272_B1D5_35B8;
    private const int HeaderSize = 18;
    private const int EntrySize = 50;
    private const ushort TableSize = HeaderSize + 3 * EntrySize;
    private const ulong PageOffsetMask = 0xFFF;

    /// <summary>
    /// Fills in the zeroed <paramref name="page"/> for a table at guest address <paramref name="table"/>. <paramref name="scratch"/> is memory
    /// of <paramref name="scratchSize"/> bytes that takes kernel and initrd, one after the other. False when they do not fit.
    /// </summary>
    // SAFETY: sizes are checked against scratch.
    public static bool TryFill(byte* page, ulong table, byte* scratch, ulong scratchSize, MachineConfiguration* machine)
    {
        if (!TryStart(page, table) || !TryReadItem(FwCfg.CommandLineSize, FwCfg.CommandLineData, scratch, scratchSize, out uint length))
        {
            return false;
        }
        // QEMU counts the terminating zero; without a command line the hash is that of one zero.
        if (length == 0)
        {
            scratch[0] = 0;
            length = 1;
        }
        WriteEntry(page, table, KernelPart.CommandLine, new ReadOnlySpan<byte>(scratch, (int)length));
        if (!TryReadItem(FwCfg.InitrdSize, FwCfg.InitrdData, scratch, scratchSize, out length))
        {
            return false;
        }
        WriteEntry(page, table, KernelPart.Initrd, new ReadOnlySpan<byte>(scratch, (int)length));
        if (!TryReadItem(FwCfg.SetupSize, FwCfg.SetupData, scratch, scratchSize, out uint setup)
            || !TryReadItem(FwCfg.KernelSize, FwCfg.KernelData, scratch + setup, scratchSize - setup, out uint kernel))
        {
            return false;
        }
        for (uint i = 0; i < machine->SetupHeaderSize && i < setup; i++)
        {
            scratch[i] = machine->SetupHeader[i];
        }
        WriteEntry(page, table, KernelPart.Kernel, new ReadOnlySpan<byte>(scratch, (int)(setup + kernel)));
        return true;
    }

    /// <summary>Writes the table's header. False when the page has no room for the table.</summary>
    // SAFETY (of both): the table is 168 bytes at an offset that leaves room for it in the page, which is checked here, before any entry.
    public static bool TryStart(byte* page, ulong table)
    {
        ulong offset = table & PageOffsetMask;
        if (offset + TableSize > PhysicalLayout.PageSize)
        {
            return false;
        }
        WriteHeader(page + offset, TableGuidLow, TableGuidHigh, TableSize);
        return true;
    }

    /// <summary>Writes one entry: the SHA-256 of a command line with its terminating zero, of an initrd, or of a kernel file.</summary>
    public static void WriteEntry(byte* page, ulong table, KernelPart part, ReadOnlySpan<byte> data)
    {
        byte* entry = page + (table & PageOffsetMask) + HeaderSize + (int)part * EntrySize;
        (ulong low, ulong high) = part switch
        {
            KernelPart.CommandLine => (CommandLineGuidLow, CommandLineGuidHigh),
            KernelPart.Initrd => (InitrdGuidLow, InitrdGuidHigh),
            _ => (KernelGuidLow, KernelGuidHigh),
        };
        WriteHeader(entry, low, high, EntrySize);
        Sha256.Hash(data, new Span<byte>(entry + HeaderSize, Sha256.Size));
    }

    private static bool TryReadItem(ushort sizeItem, ushort dataItem, byte* target, ulong room, out uint length)
    {
        length = FwCfg.ReadUInt32(sizeItem);
        return length <= room && FwCfg.TryRead(dataItem, target, length);
    }

    private static void WriteHeader(byte* target, ulong low, ulong high, ushort length)
    {
        *(ulong*)target = low;
        *(ulong*)(target + 8) = high;
        *(ushort*)(target + 16) = length;
    }
}

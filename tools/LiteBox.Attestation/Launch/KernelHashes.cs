using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LiteBox.Attestation;

/// <summary>
/// The table by which a firmware checks kernel, initrd and command line that the host hands it (edk2, OvmfPkg/AmdSev
/// BlobVerifierLibSevHashes; QEMU, target/i386/sev.c).
/// </summary>
public sealed class KernelHashes
{
    /// <summary>Size of the table with its padding, in bytes.</summary>
    public const int TableSize = 176;

    private const int EntrySize = 50;
    private const int HeaderSize = 18;
    private static readonly Guid Header = new("9438d606-4f22-4cc9-b479-a793d411fd21");
    private static readonly Guid CommandLine = new("97d02dd8-bd20-4c94-aa78-e7714d36ab2a");
    private static readonly Guid Initrd = new("44baf731-3a2f-4bd7-9af1-41e29169781d");
    private static readonly Guid Kernel = new("4de79437-abd2-427f-b835-d5b172d2045b");
    private readonly byte[] table = new byte[TableSize];

    /// <summary>Hashes what the host will hand over.</summary>
    /// <param name="kernel">The kernel file.</param>
    /// <param name="initrd">The initrd file; none is the same as an empty one.</param>
    /// <param name="commandLine">The command line; it is hashed with its terminating NUL, none is the NUL alone.</param>
    public KernelHashes(ReadOnlySpan<byte> kernel, ReadOnlySpan<byte> initrd, string commandLine)
    {
        Header.TryWriteBytes(table);
        BinaryPrimitives.WriteUInt16LittleEndian(table.AsSpan(16), HeaderSize + (3 * EntrySize));
        Write(0, CommandLine, SHA256.HashData([.. Encoding.UTF8.GetBytes(commandLine), 0]));
        Write(1, Initrd, SHA256.HashData(initrd));
        Write(2, Kernel, SHA256.HashData(kernel));
    }

    /// <summary>The table with its padding.</summary>
    public ReadOnlySpan<byte> Table => table;

    /// <summary>The page that holds the table at the place its address says.</summary>
    /// <param name="tableAddress">Guest physical address of the table.</param>
    /// <returns>One page; null when the table would leave it.</returns>
    public byte[]? ToPage(uint tableAddress)
    {
        var offset = (int)(tableAddress % LaunchDigest.PageSize);
        if (offset + TableSize > LaunchDigest.PageSize)
        {
            return null;
        }

        var page = new byte[LaunchDigest.PageSize];
        table.CopyTo(page, offset);
        return page;
    }

    private void Write(int index, Guid guid, byte[] hash)
    {
        var entry = table.AsSpan(HeaderSize + (index * EntrySize), EntrySize);
        guid.TryWriteBytes(entry);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[16..], EntrySize);
        hash.CopyTo(entry[18..]);
    }
}

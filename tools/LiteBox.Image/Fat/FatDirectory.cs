using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LiteBox.Image.Fat;

/// <summary>A file or directory of a volume that is being laid out.</summary>
internal abstract class FatNode(string name)
{
    public string Name { get; } = name;

    /// <summary>The first cluster, 0 when it has none.</summary>
    public long FirstCluster { get; set; }

    /// <summary>Bytes that it takes in clusters.</summary>
    public abstract long Length { get; }
}

/// <summary>A file.</summary>
internal sealed class FatFile(string name, ReadOnlyMemory<byte> content) : FatNode(name)
{
    public ReadOnlyMemory<byte> Content { get; } = content;

    public override long Length => Content.Length;
}

/// <summary>A directory: its children in the order of their names.</summary>
internal sealed class FatDirectory(string name, FatDirectory? parent) : FatNode(name)
{
    private const byte DirectoryAttribute = 0x10;
    private const byte ArchiveAttribute = 0x20;

    private readonly SortedDictionary<string, FatNode> _children = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<FatNode> Children => _children.Values;

    public override long Length => FatGeometry.DirectoryEntryLength * ((parent == null ? 0 : 2) + _children.Values.Sum(EntriesOf));

    public FatDirectory Directory(string name)
    {
        if (!_children.TryGetValue(name, out FatNode? child))
        {
            _children.Add(name, child = new FatDirectory(name, this));
        }

        return child as FatDirectory ?? throw new ArgumentException($"{name} is a file and cannot hold others");
    }

    public void Add(FatFile file)
    {
        if (!_children.TryAdd(file.Name, file))
        {
            throw new ArgumentException($"{file.Name} is there twice");
        }
    }

    /// <summary>The directory's bytes; every node has its first cluster by now.</summary>
    public byte[] ToBytes(uint dosTime)
    {
        var bytes = new List<byte>();
        if (parent != null)
        {
            bytes.AddRange(Entry(".          "u8.ToArray(), DirectoryAttribute, FirstCluster, 0, dosTime));
            bytes.AddRange(Entry("..         "u8.ToArray(), DirectoryAttribute, parent.IsRoot ? 0 : parent.FirstCluster, 0, dosTime));
        }

        var taken = new HashSet<string>();
        foreach (FatNode child in Children)
        {
            byte[] shortName = FatName.Short(child.Name, taken);
            taken.Add(Encoding.ASCII.GetString(shortName));
            if (!FatName.FitsShort(child.Name))
            {
                bytes.AddRange(FatName.LongEntries(child.Name, shortName).SelectMany(entry => entry));
            }

            byte attribute = child is FatDirectory ? DirectoryAttribute : ArchiveAttribute;
            long length = child is FatDirectory ? 0 : child.Length;
            bytes.AddRange(Entry(shortName, attribute, child.FirstCluster, (uint)length, dosTime));
        }

        return [.. bytes];
    }

    private bool IsRoot => parent == null;

    private static long EntriesOf(FatNode node) => FatName.FitsShort(node.Name) ? 1 : 1 + ((node.Name.Length + 12) / 13);

    private static byte[] Entry(byte[] shortName, byte attribute, long cluster, uint length, uint dosTime)
    {
        var entry = new byte[FatGeometry.DirectoryEntryLength];
        shortName.CopyTo(entry, 0);
        entry[11] = attribute;
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(14), dosTime);            // created: time, then date
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(18), (ushort)(dosTime >> 16)); // last accessed: date
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(20), (ushort)(cluster >> 16));
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(22), dosTime);            // written
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(26), (ushort)cluster);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(28), length);
        return entry;
    }
}

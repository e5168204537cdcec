using System.Collections.Generic;

namespace LiteBox.Qemu;

/// <summary>A virtio disk. The guest cannot change the image: what it writes is thrown away.</summary>
/// <param name="Id">Its name among the disks of a machine: letters and digits.</param>
/// <param name="Path">A raw disk image.</param>
public sealed record VirtioDisk(string Id, string Path)
{
    /// <summary>The image itself, below what the guest writes, for a device that shares it.</summary>
    internal string ImageNode => $"{Id}-image";

    /// <summary>Whether firmware boots from it first.</summary>
    internal bool IsBoot { get; init; }

    /// <summary>The QEMU options.</summary>
    internal IEnumerable<string> Arguments() =>
    [
        "-drive", $"if=none,id={Id},node-name={ImageNode},format=raw,snapshot=on,file={Path.Replace(",", ",,")}",
        "-device", $"virtio-blk-pci,drive={Id}{(IsBoot ? ",bootindex=0" : "")}",
    ];
}

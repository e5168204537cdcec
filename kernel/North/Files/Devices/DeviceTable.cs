using System.Collections.Generic;
using LiteBox.Abi;
using LiteBox.North.Processes;

namespace LiteBox.North.Files;

/// <summary>A character device: what a device node with its number opens.</summary>
internal abstract class CharacterDevice
{
    /// <summary>Opens it through the node at <paramref name="location"/>.</summary>
    public abstract Errno Open(Task task, in Location location, int flags, out OpenFile? file);
}

/// <summary>The character devices that there are, by number.</summary>
internal sealed class DeviceTable
{
    private readonly Dictionary<ulong, CharacterDevice> devices = new();

    /// <summary>Enters a device.</summary>
    public void Add(ulong number, CharacterDevice device) => devices.Add(number, device);

    /// <summary>Opens the device behind a node. ENXIO where there is none.</summary>
    public Errno Open(Task task, in Location location, int flags, out OpenFile? file)
    {
        if (!devices.TryGetValue(location.Inode.DeviceNumber, out CharacterDevice? device))
        {
            file = null;
            return Errno.ENXIO;
        }

        return device.Open(task, location, flags, out file);
    }
}

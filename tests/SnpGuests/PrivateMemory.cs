using System;
using System.IO;
using LiteBox.Qemu;
using Xunit;

namespace LiteBox.SnpGuests.Tests;

/// <summary>The private memory of a guest that has ended, to be searched. The file goes when the search is over.</summary>
internal sealed class PrivateMemory(SoftwareSnpMachine machine) : IDisposable
{
    private const int PartSize = 16 << 20;
    private const int Overlap = 4096;

    /// <summary>
    /// Holds the memory against hardening rule T61: no half of a message key stands in it. <paramref name="known"/> is something that does, to see that the search
    /// finds what is there.
    /// </summary>
    public static void AssertNoMessageKey(SoftwareSnpMachine machine, ReadOnlySpan<byte> known)
    {
        using PrivateMemory memory = new(machine);
        Assert.True(memory.Contains(known));
        for (byte number = 0; number < 4; number++)
        {
            ReadOnlySpan<byte> key = SoftwareSnpMachine.MessageKey(number);
            Assert.False(memory.Contains(key[..16]) || memory.Contains(key[16..]), $"VMPCK{number} is left in memory.");
        }
    }

    /// <summary>True where these bytes stand anywhere in it.</summary>
    public bool Contains(ReadOnlySpan<byte> bytes)
    {
        using FileStream file = File.OpenRead(machine.PrivateMemoryPath);
        byte[] part = new byte[PartSize];
        for (long start = SoftwareSnpMachine.PrivateMemoryOffset; start < file.Length; start += PartSize - Overlap)
        {
            file.Position = start;
            int count = file.ReadAtLeast(part, PartSize, throwOnEndOfStream: false);
            if (part.AsSpan(0, count).IndexOf(bytes) >= 0)
            {
                return true;
            }
        }
        return false;
    }

    public void Dispose() => File.Delete(machine.PrivateMemoryPath);
}

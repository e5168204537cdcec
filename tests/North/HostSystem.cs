using System.Runtime.InteropServices;
using LiteBox.Abi;

namespace LiteBox.North.Tests;

/// <summary>The Linux that the tests run on: the oracle.</summary>
internal sealed class HostSystem : ISystem, IDisposable
{
    private readonly List<nint> blocks = [];

    public long Call(SystemCallNumber number, params ulong[] arguments)
    {
        ulong[] a = new ulong[6];
        arguments.CopyTo(a, 0);
        long result = SystemCall((long)number, a[0], a[1], a[2], a[3], a[4], a[5]);
        return result == -1 ? -Marshal.GetLastPInvokeError() : result;
    }

    public ulong Put(ReadOnlySpan<byte> bytes)
    {
        nint block = Marshal.AllocHGlobal(Math.Max(bytes.Length, 1));
        blocks.Add(block);
        Marshal.Copy(bytes.ToArray(), 0, block, bytes.Length);
        return (ulong)block;
    }

    public byte[] Get(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        Marshal.Copy((nint)address, bytes, 0, length);
        return bytes;
    }

    public void Forget()
    {
        foreach (nint block in blocks)
        {
            Marshal.FreeHGlobal(block);
        }

        blocks.Clear();
    }

    public void Dispose() => Forget();

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern long SystemCall(long number, ulong a0, ulong a1, ulong a2, ulong a3, ulong a4, ulong a5);
}

using System;
using System.ComponentModel;
using System.Linq;
using System.Runtime.InteropServices;

namespace LiteBox.Stubs.Tests;

/// <summary>A stub of the System V kind without relocations, as code that this process can call.</summary>
internal sealed unsafe class RunnableStub
{
    private const int ReadWrite = 3;
    private const int ReadExecute = 5;
    private const int PrivateAnonymous = 0x22;

    /// <summary>Loads a stub of the runtime.</summary>
    public RunnableStub(string symbol)
    {
        Piece piece = StubSets.Named("conformance").Pieces.Single(candidate => candidate.Symbol == symbol);
        if (piece.Relocations.Count > 0)
        {
            throw new ArgumentException("The stub has relocations.");
        }

        nuint length = (nuint)((piece.Size + 4095) & ~4095);
        byte* memory = mmap(null, length, ReadWrite, PrivateAnonymous, -1, 0);
        piece.Bytes.CopyTo(new Span<byte>(memory, piece.Size));
        if (mprotect(memory, length, ReadExecute) != 0)
        {
            throw new Win32Exception();
        }

        Address = (nint)memory;
    }

    public nint Address { get; }

    [DllImport("libc", SetLastError = true)]
    private static extern byte* mmap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int mprotect(void* address, nuint length, int protection);
}

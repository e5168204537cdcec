using Iced.Intel;
using System;
using System.Collections.Generic;

namespace LiteBox.Stubs;

/// <summary>A relocation's meaning: the 32-bit distance from the place, or the address itself.</summary>
public enum RelocationKind
{
    Relative32,
    Absolute32,
    Absolute64,
}

/// <summary>A place in a stub that the linker fills in.</summary>
public readonly record struct Relocation(int Offset, RelocationKind Kind, string Symbol, long Addend);

/// <summary>A piece of an object file: one symbol, its bytes, and the section that it goes to.</summary>
public sealed record Piece(string Symbol, SectionKind Section, byte[] Bytes, int Size, int Alignment, IReadOnlyList<Relocation> Relocations, int Bitness);

public enum SectionKind
{
    Code,
    ReadOnlyData,
    Data,
    ZeroedData,
    PvhNote,
}

/// <summary>The stubs of one image, in the order in which they were added.</summary>
public sealed class StubSet(CallingConvention convention)
{
    private readonly List<Piece> _pieces = [];

    public CallingConvention Convention => convention;

    public IReadOnlyList<Piece> Pieces => _pieces;

    /// <summary>Adds a function.</summary>
    /// <param name="symbol">Its name for the linker, and for DllImport in C#.</param>
    /// <param name="write">Writes its instructions.</param>
    /// <param name="bitness">64, or 32 or 16 for code that runs before long mode.</param>
    /// <param name="alignment">In bytes: 16 unless hardware asks for more.</param>
    public void AddCode(string symbol, Action<StubCode> write, int bitness = 64, int alignment = 16)
    {
        StubCode code = new(convention, bitness);
        write(code);
        _pieces.Add(code.Finish(symbol, alignment));
    }

    /// <summary>Adds initialised data.</summary>
    public void AddData(string symbol, SectionKind section, byte[] bytes, int alignment, params Relocation[] relocations) =>
        _pieces.Add(new Piece(symbol, section, bytes, bytes.Length, alignment, relocations, 0));

    /// <summary>Adds data that is zero at the start.</summary>
    public void AddZeroed(string symbol, int size, int alignment) =>
        _pieces.Add(new Piece(symbol, SectionKind.ZeroedData, [], size, alignment, [], 0));
}

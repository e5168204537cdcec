using Iced.Intel;
using System;
using System.Linq;
using System.Text;
using Decoder = Iced.Intel.Decoder;

namespace LiteBox.Stubs;

/// <summary>Stubs as text, for review: what would really run.</summary>
public static class Listing
{
    /// <summary>All pieces of a set.</summary>
    public static string Of(StubSet set) => string.Join('\n', set.Pieces.Select(Of));

    /// <summary>One piece.</summary>
    public static string Of(Piece piece)
    {
        StringBuilder text = new();
        text.Append($"{piece.Symbol}: {piece.Section}, {piece.Size} bytes, aligned to {piece.Alignment}\n");
        if (piece.Section == SectionKind.Code)
        {
            Disassemble(piece, text);
            return text.ToString();
        }

        foreach (byte[] row in piece.Bytes.Chunk(16))
        {
            text.Append($"    {Convert.ToHexString(row)}\n");
        }

        foreach (Relocation relocation in piece.Relocations)
        {
            text.Append($"    at {relocation.Offset:X}: {Describe(relocation)}\n");
        }

        return text.ToString();
    }

    private static void Disassemble(Piece piece, StringBuilder text)
    {
        NasmFormatter formatter = new(new FormatterOptions { HexPrefix = "0x", HexSuffix = null, SpaceAfterOperandSeparator = true, RipRelativeAddresses = true });
        StringOutput line = new();
        Decoder decoder = Decoder.Create(piece.Bitness, piece.Bytes);
        while (decoder.IP < (ulong)piece.Bytes.Length)
        {
            int start = (int)decoder.IP;
            decoder.Decode(out Instruction instruction);
            formatter.Format(instruction, line);
            string relocations = string.Join(", ", piece.Relocations
                .Where(relocation => relocation.Offset >= start && relocation.Offset < (int)decoder.IP)
                .Select(Describe));
            text.Append($"    {start:x4}  {line.ToStringAndReset()}{(relocations.Length == 0 ? "" : "    ; " + relocations)}\n");
        }
    }

    private static string Describe(Relocation relocation) =>
        $"{relocation.Kind} {relocation.Symbol}{(relocation.Addend == 0 ? "" : relocation.Addend.ToString("+0;-0"))}";
}

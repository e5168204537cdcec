using System;
using System.Linq;
using System.Text;
using CsCheck;
using LiteBox.SymbolTable;
using Xunit;
using Table = LiteBox.South.Diagnostics.SymbolTable;

namespace LiteBox.South.Tests.Diagnostics;

/// <summary>What the tool writes, the kernel reads.</summary>
public class SymbolTableTests
{
    private static readonly Function[] Functions =
    [
        new(0xFFFF_FFFF_8000_1000, 0x10, "KernelMain"),
        new(0xFFFF_FFFF_8000_1010, 0x300, "LiteBox_South_LiteBox_South_Memory_FrameDatabase__Release"),
        new(0xFFFF_FFFF_8000_1400, 0x20, "LiteBox_South_LiteBox_South_Memory_FrameDatabase__Return"),
    ];

    [Theory]
    [InlineData(0xFFFF_FFFF_8000_1000, "KernelMain+0")]
    [InlineData(0xFFFF_FFFF_8000_100F, "KernelMain+f")]
    [InlineData(0xFFFF_FFFF_8000_1010, "LiteBox_South_Memory_FrameDatabase__Release+0")]
    [InlineData(0xFFFF_FFFF_8000_141F, "LiteBox_South_Memory_FrameDatabase__Return+1f")]
    [InlineData(0xFFFF_FFFF_8000_1420, "")]
    [InlineData(0xFFFF_FFFF_8000_0FFF, "")]
    [InlineData(0UL, "")]
    public void AddressesHaveNames(ulong address, string expected) =>
        Assert.Equal(expected, Resolve(SymbolTableWriter.Write(Functions), address));

    [Fact]
    public void ATableThatIsNotThereHasNoNames() => Assert.Equal("", Resolve([], 0xFFFF_FFFF_8000_1000));

    [Fact]
    public void AnyBytesGiveAnAnswer() =>
        Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[1, 5].Sample(changes =>
        {
            byte[] bytes = SymbolTableWriter.Write(Functions);
            foreach ((int offset, byte value) in changes)
            {
                bytes[offset % bytes.Length] = value;
            }

            Resolve(bytes, 0xFFFF_FFFF_8000_1405);
        }, iter: 5000);

    [Fact]
    public void EveryFunctionIsFound() =>
        Gen.Select(Gen.Int[1, 100000], Gen.String[Gen.Char.AlphaNumeric, 1, 30]).Array[1, 60].Sample(entries =>
        {
            ulong address = 0x1000;
            Function[] functions = entries.Select(e => new Function(address += (ulong)e.Item1, 1, e.Item2)).ToArray();
            byte[] table = SymbolTableWriter.Write(functions);
            foreach (Function function in functions)
            {
                Assert.Equal(function.Name + "+0", Resolve(table, function.Address));
            }
        }, iter: 300);

    private static string Resolve(byte[] table, ulong address)
    {
        Span<byte> name = stackalloc byte[Table.MaximumName];
        return new Table(table).TryResolve(address, name, out int length, out ulong offset)
            ? $"{Encoding.UTF8.GetString(name[..length])}+{offset:x}"
            : "";
    }
}

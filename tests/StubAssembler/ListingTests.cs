using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace LiteBox.Stubs.Tests;

/// <summary>The machine code of the stubs changes only where somebody looks: the listings are part of the source.</summary>
public sealed class ListingTests
{
    public static IEnumerable<object[]> Sets => StubSets.Names.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_stubs_are_the_reviewed_ones(string set)
    {
        string path = Repository.File($"tests/StubAssembler/Listings/{set}.txt");
        string listing = Listing.Of(StubSets.Named(set));

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == listing,
            $"Look at the change, then accept it: dotnet out/bin/StubAssembler/StubAssembler.dll --listing {set} tests/StubAssembler/Listings/{set}.txt");
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_stub_says_its_size_and_all_its_bytes_are_instructions(string set)
    {
        foreach (Piece piece in StubSets.Named(set).Pieces.Where(piece => piece.Section == SectionKind.Code))
        {
            Assert.True(piece.Size > 0 && piece.Size == piece.Bytes.Length, piece.Symbol);
            Assert.DoesNotContain("(bad)", Listing.Of(piece), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Symbols_are_unique(string set)
    {
        string[] symbols = [.. StubSets.Named(set).Pieces.Select(piece => piece.Symbol)];

        Assert.Equal(symbols.Length, symbols.Distinct().Count());
    }
}

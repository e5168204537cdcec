using CsCheck;
using System;
using System.Linq;
using Xunit;

namespace LiteBox.Stubs.Tests;

/// <summary>memmove, memset and memcmp as they will run, against what .NET's spans do.</summary>
public sealed unsafe class MemoryStubTests
{
    private const int AreaBytes = 2048;

    private static readonly delegate* unmanaged<byte*, byte*, nuint, byte*> Move =
        (delegate* unmanaged<byte*, byte*, nuint, byte*>)new RunnableStub("memmove").Address;

    private static readonly delegate* unmanaged<byte*, int, nuint, byte*> Fill =
        (delegate* unmanaged<byte*, int, nuint, byte*>)new RunnableStub("memset").Address;

    private static readonly delegate* unmanaged<byte*, byte*, nuint, int> Compare =
        (delegate* unmanaged<byte*, byte*, nuint, int>)new RunnableStub("memcmp").Address;

    private static readonly Gen<int> Lengths = Gen.OneOf(Gen.Int[0, 70], Gen.Int[0, 600]);

    [Fact]
    public void Move_moves_every_length_at_every_distance()
    {
        for (int length = 0; length <= 300; length++)
        {
            for (int distance = -140; distance <= 140; distance++)
            {
                CheckMove(500, 500 + distance, length);
            }
        }
    }

    [Fact]
    public void Move_is_what_a_span_does() =>
        Gen.Select(Gen.Int[0, 1300], Gen.Int[0, 1300], Lengths).Sample((from, to, length) => CheckMove(from, to, length));

    [Fact]
    public void Fill_fills_that_much_and_no_more() =>
        Gen.Select(Gen.Int[0, 1300], Gen.Int, Lengths).Sample((at, value, length) =>
        {
            byte[] expected = Area();
            byte[] actual = Area();
            expected.AsSpan(at, length).Fill((byte)value);
            fixed (byte* area = actual)
            {
                Assert.True(Fill(area + at, value, (nuint)length) == area + at);
            }

            Assert.Equal(expected, actual);
        });

    [Fact]
    public void Compare_finds_the_first_difference() =>
        Gen.Select(Lengths, Gen.Int[0, 600], Gen.Byte, Gen.Int[0, 20], Gen.Int[0, 20]).Sample((length, place, value, left, right) =>
        {
            byte[] first = Area();
            byte[] second = Area();
            first.AsSpan(left, length).CopyTo(second.AsSpan(right));
            second[right + place] = value;
            int expected = first.AsSpan(left, length).SequenceCompareTo(second.AsSpan(right, length));
            fixed (byte* a = first, b = second)
            {
                Assert.Equal(Math.Sign(expected), Math.Sign(Compare(a + left, b + right, (nuint)length)));
            }
        });

    private static void CheckMove(int from, int to, int length)
    {
        byte[] expected = Area();
        byte[] actual = Area();
        expected.AsSpan(from, length).CopyTo(expected.AsSpan(to));
        fixed (byte* area = actual)
        {
            Assert.True(Move(area + to, area + from, (nuint)length) == area + to);
        }

        Assert.True(expected.AsSpan().SequenceEqual(actual), $"{length} bytes from {from} to {to}");
    }

    private static byte[] Area() => [.. Enumerable.Range(0, AreaBytes).Select(i => (byte)(i * 167 + (i >> 8)))];
}

using CsCheck;
using LiteBox.Abi;
using LiteBox.North.Programs;
using LiteBox.Platform;

namespace LiteBox.North.Tests.Programs;

/// <summary>The ELF parser takes what Linux takes and holds its promises for any bytes (T68).</summary>
public class ElfFileTests
{
    [Fact]
    public void A_static_program_is_parsed()
    {
        ElfFile file = Parse(TestPrograms.Static())!;
        Assert.False(file.IsPositionIndependent);
        Assert.Equal(TestPrograms.Base + 0x1000, file.Entry);
        Assert.Equal(TestPrograms.Base + 64, file.ProgramHeaderAddress);
        Assert.Equal(2, file.Segments.Length);
        Assert.Equal(PageProtection.Read | PageProtection.Execute, file.Segments[0].Protection);
        Assert.Equal(TestPrograms.Base + 0x6100, file.HighestAddress);
    }

    [Fact]
    public void Overlapping_segments_are_refused()
    {
        byte[] bytes = TestPrograms.Static();
        TestPrograms.Segment(bytes, 64 + 56, 6, 0x1000, TestPrograms.Base + 0x1000, 0x100, 0x100);
        Assert.Null(Parse(bytes));
    }

    [Fact]
    public void Segments_in_the_kernel_half_are_refused()
    {
        byte[] bytes = TestPrograms.Static();
        TestPrograms.Segment(bytes, 64 + 56, 6, 0x2000, 0xFFFF_8000_0000_0000, 0x100, 0x100);
        Assert.Null(Parse(bytes));
        TestPrograms.Segment(bytes, 64 + 56, 6, 0x2000, 0x7FFF_FFFF_E000, 0x100, 0x2000);
        Assert.Null(Parse(bytes));
    }

    [Fact]
    public void Any_bytes_give_an_error_or_a_file_that_holds_the_promises()
    {
        Gen.Select(Gen.Int[0, 175], Gen.Byte, Gen.ULong, Gen.Bool).Array[0, 12].Sample(
            mutations =>
            {
                byte[] bytes = TestPrograms.Static();
                foreach ((int at, byte value, ulong word, bool isWord) in mutations)
                {
                    if (isWord)
                    {
                        TestPrograms.Put64(bytes, at & ~7, word >> (value & 63));
                    }
                    else
                    {
                        bytes[at] = value;
                    }
                }

                if (Parse(bytes) is { } file)
                {
                    AssertPromises(file);
                }
            },
            iter: 200_000);
    }

    private static void AssertPromises(ElfFile file)
    {
        Assert.NotEqual(0, file.Segments.Length);
        ulong previousEnd = 0;
        foreach (ElfSegment segment in file.Segments)
        {
            Assert.True(segment.Address >= previousEnd);
            Assert.True(segment.End >= segment.Address);
            Assert.True(segment.End <= UserAddress.Limit - UserAddress.PageSize);
            Assert.True(segment.FileSize <= segment.MemorySize);
            Assert.Equal(segment.Address & 0xFFF, segment.FileOffset & 0xFFF);
            previousEnd = segment.End;
        }

        Assert.InRange(file.InterpreterLength, 0, 4096);
        Assert.True((file.Alignment & (file.Alignment - 1)) == 0 && file.Alignment >= 4096);
    }

    private static ElfFile? Parse(byte[] bytes)
    {
        if (ElfFile.ParseHeader(bytes, out ElfHeader header) != Errno.None || header.ProgramHeaderOffset > (ulong)bytes.Length)
        {
            return null;
        }

        int offset = (int)header.ProgramHeaderOffset;
        int length = Math.Min(header.ProgramHeaderCount * ElfFile.ProgramHeaderSize, bytes.Length - offset);
        return ElfFile.Parse(header, bytes.AsSpan(offset, length), out ElfFile? file) == Errno.None ? file : null;
    }
}

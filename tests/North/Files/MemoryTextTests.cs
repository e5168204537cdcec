using System.Globalization;
using System.Text;
using LiteBox.Abi;
using LiteBox.Fake;
using LiteBox.North.Files;
using TextWriter = LiteBox.North.Text.TextWriter;

namespace LiteBox.North.Tests.Files;

/// <summary>What /proc says about memory is what the machine counts.</summary>
public class MemoryTextTests
{
    [Fact]
    public void Sizes_are_those_of_the_frames_and_the_heap() => NorthSystem.Run(system =>
    {
        FakeFrames frames = system.Machine.FakeFrames;
        system.Machine.FakeHeap.EmptyBytes = 40960;
        Dictionary<string, long> sizes = Sizes(Text(system, MemoryTexts.Sizes));
        Assert.Equal(frames.TotalCount * 4, sizes["MemTotal"]);
        Assert.Equal(frames.FreeCount * 4, sizes["MemFree"]);
        Assert.Equal(frames.PageTableCount * 4, sizes["PageTables"]);
        Assert.Equal(frames.KernelStackCount * 4, sizes["KernelStack"]);
        Assert.Equal(frames.DataCount * 4, sizes["AnonPages"] + sizes["Shmem"]);
        Assert.Equal(40, sizes["SReclaimable"]);
        Assert.Equal(sizes["Slab"], sizes["SReclaimable"] + sizes["SUnreclaim"]);
    });

    [Fact]
    public void Each_size_class_has_a_line_as_slabs_have() => NorthSystem.Run(system =>
    {
        string[] lines = Text(system, MemoryTexts.Heap).Split('\n');
        Assert.Equal("heap-24                3    341     24  341    2 : tunables    0    0    0 : slabdata      1      1      0", lines[2]);
        Assert.Equal("heap-large             2      2   8192    1    2 : tunables    0    0    0 : slabdata      2      2      0", lines[3]);
        Assert.Equal("", lines[4]);
    });

    private static string Text(NorthSystem system, TextSource source)
    {
        TextWriter text = new();
        Assert.Equal(Errno.None, source(system.Task, ref text));
        return Encoding.UTF8.GetString(text.Written);
    }

    private static Dictionary<string, long> Sizes(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture));
}

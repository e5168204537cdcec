using LiteBox.Boot.Tests.Simulation;
using LiteBox.South.Handover;
using Xunit;

namespace LiteBox.Boot.Tests;

/// <summary>What is wrong is said in one line, and the application goes back to firmware.</summary>
public unsafe class RefusalTests
{
    [Fact]
    public void NoKernel() => Refused(TestImage.Of((".text", new byte[16])), "no kernel");

    [Fact]
    public void ASectionOutsideTheImage()
    {
        byte[] image = TestImage.Of((".linux", TestImage.Kernel()));
        image[TestImage.SectionField(0, 15)] = 0x40; // the highest byte of its address
        Refused(image, "outside");
    }

    [Fact]
    public void ASectionTableThatIsTooLong()
    {
        byte[] image = TestImage.Of((".linux", TestImage.Kernel()));
        image[0x80 + 6] = 97;
        Refused(image, "section table");
    }

    [Fact]
    public void NoPeHeader()
    {
        byte[] image = TestImage.Of((".linux", TestImage.Kernel()));
        image[0x80] = 0;
        Refused(image, "PE header");
    }

    [Fact]
    public void AKernelWithCodeThatCanBeWritten() => RefusedKernel(TestImage.Kernel(writableCode: true));

    [Fact]
    public void AKernelThatBeginsOutsideItself() => RefusedKernel(TestImage.Kernel(entry: TestImage.KernelStart + 0x8000));

    [Fact]
    public void AKernelThatIsNoElfFile() => RefusedKernel(new byte[100]);

    [Theory]
    [InlineData(64 + 8)] // offset in the file
    [InlineData(64 + 16)] // virtual address: not page-aligned
    [InlineData(64 + 32)] // more bytes in the file than in memory
    [InlineData(64 + 56 + 17)] // the second segment over the first
    public void ASegmentThatMakesNoSense(int offset)
    {
        byte[] kernel = TestImage.Kernel();
        kernel[offset] = 0x01;
        kernel[offset + 1] = (byte)(offset == 64 + 8 ? 0xFF : kernel[offset + 1]);
        RefusedKernel(kernel);
    }

    [Fact]
    public void NoMemory()
    {
        SimulatedFirmware.Start(TestImage.Of((".linux", TestImage.Kernel())));
        for (ulong pages = 0; pages < 24; pages++)
        {
            SimulatedFirmware.MemoryLeft = pages << 12;
            Assert.False(Program.TryPrepare(out _));
            Assert.Contains("not enough memory", SimulatedFirmware.Console);
        }
    }

    [Theory]
    [InlineData(39UL)]
    [InlineData(5000UL)]
    [InlineData(44UL)]
    public void AMemoryMapOfImpossibleShape(ulong descriptorSize)
    {
        SimulatedFirmware.Start(TestImage.Of((".linux", TestImage.Kernel())));
        SimulatedFirmware.ClaimedDescriptorSize = descriptorSize;
        Assert.False(Program.TryPrepare(out _));
        Assert.Contains("memory map", SimulatedFirmware.Console);
    }

    [Fact]
    public void FiveLevelsOfPageTables()
    {
        SimulatedFirmware.Start(TestImage.Of((".linux", TestImage.Kernel())));
        Processor.HasFiveLevelPaging = true;
        Assert.False(Program.TryPrepare(out _));
        Assert.Contains("five levels", SimulatedFirmware.Console);
    }

    [Fact]
    public void RangesThatWrapAreNoRam()
    {
        SimulatedFirmware.Start(TestImage.Of((".linux", TestImage.Kernel())));
        SimulatedFirmware.ExtraRanges.Add(new EfiMemoryDescriptor { Type = EfiMemoryType.Conventional, PhysicalStart = 0xFFFF_FFFF_FFFF_F000, NumberOfPages = 2 });
        SimulatedFirmware.ExtraRanges.Add(new EfiMemoryDescriptor { Type = EfiMemoryType.Conventional, PhysicalStart = 0x1000, NumberOfPages = ulong.MaxValue });
        Assert.True(Program.TryPrepare(out _));
    }

    private static void RefusedKernel(byte[] kernel) => Refused(TestImage.Of((".linux", kernel)), "not an ELF file that can be loaded");

    private static void Refused(byte[] image, string words)
    {
        SimulatedFirmware.Start(image);
        Assert.False(Program.TryPrepare(out _));
        Assert.StartsWith("LiteBox: ", SimulatedFirmware.Console);
        Assert.Contains(words, SimulatedFirmware.Console);
    }
}

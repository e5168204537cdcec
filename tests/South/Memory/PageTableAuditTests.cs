using LiteBox.South.Handover;
using LiteBox.South.Memory;
using Xunit;

namespace LiteBox.South.Tests.Memory;

/// <summary>Hardening rule T65: the walker finds each kind of forbidden page, and only those.</summary>
public unsafe class PageTableAuditTests
{
    private const ulong Image = AddressSpaceLayout.Image;
    private const ulong ImagePhysical = 0x600000;
    private const ulong Plain = PageTableEntry.Present | PageTableEntry.NoExecute;
    private uint nextTable = 1;

    public PageTableAuditTests()
    {
        PhysicalMemory.Reset();
        Clear(0);
    }

    [Fact]
    public void AGoodKernelHasNoViolation()
    {
        Map(Image, ImagePhysical, PageTableEntry.Present); // code
        Map(Image + 0x1000, ImagePhysical + 0x1000, Plain); // constants
        Map(Image + 0x2000, ImagePhysical + 0x2000, Plain | PageTableEntry.Writable); // data
        Map(AddressSpaceLayout.DirectMap + ImagePhysical, ImagePhysical, Plain);
        Map(AddressSpaceLayout.DirectMap + ImagePhysical + 0x2000, ImagePhysical + 0x2000, Plain | PageTableEntry.Writable);
        Map(0x400000, 0x700000, PageTableEntry.Present | PageTableEntry.User);
        PageTableAudit audit = Walk();
        Assert.Equal(0, audit.Violations);
        Assert.Equal(6, audit.PageCount);
    }

    [Fact]
    public void WritableAndExecutable() => Violates(0x400000, 0x700000, PageTableEntry.Present | PageTableEntry.Writable | PageTableEntry.User);

    [Fact]
    public void KernelPageForPrograms() => Violates(AddressSpaceLayout.Heap, 0x700000, Plain | PageTableEntry.User);

    [Fact]
    public void ExecutableOutsideTheCode() => Violates(Image + 0x1000, ImagePhysical + 0x1000, PageTableEntry.Present);

    [Fact]
    public void WritableAliasOfTheCode() =>
        Violates(AddressSpaceLayout.DirectMap + ImagePhysical, ImagePhysical, Plain | PageTableEntry.Writable);

    [Fact]
    public void WritableAliasOfTheConstants() =>
        Violates(AddressSpaceLayout.Heap, ImagePhysical + 0x1000, Plain | PageTableEntry.Writable);

    private static PageTableAudit Walk()
    {
        PageTableAudit audit = new(Image, ImagePhysical, Image, Image + 0x1000, Image + 0x2000);
        audit.Walk(0);
        return audit;
    }

    private static void Clear(uint frame) => FrameDatabase.ClearBytes(frame);

    private void Violates(ulong address, ulong physical, ulong flags)
    {
        Map(address, physical, flags);
        PageTableAudit audit = Walk();
        Assert.Equal(1, audit.Violations);
        Assert.Equal(address, audit.FirstViolation);
    }

    private void Map(ulong address, ulong physical, ulong flags)
    {
        ulong* table = (ulong*)PhysicalMemory.Base;
        for (int shift = 39; shift > 12; shift -= 9)
        {
            ulong* entry = table + ((address >> shift) & 511);
            if (*entry == 0)
            {
                Clear(nextTable);
                *entry = PageTableEntry.ToTable(PhysicalAddress.OfFrame(nextTable++));
            }

            table = (ulong*)(PhysicalMemory.Base + PageTableEntry.AddressOf(*entry).Value);
        }

        table[(address >> 12) & 511] = physical | flags;
    }
}

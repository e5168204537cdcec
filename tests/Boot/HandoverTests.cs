using System;
using System.Text;
using LiteBox.Boot.Efi;
using LiteBox.Boot.Tests.Simulation;
using LiteBox.South.Handover;
using Xunit;

namespace LiteBox.Boot.Tests;

/// <summary>What the kernel is given when everything is well.</summary>
public unsafe class HandoverTests
{
    private const ulong Writable = 2, NoExecute = 1UL << 63;
    private const ulong UnacceptedStart = 0x20_4000_0000, UnacceptedSize = 2UL << 30;

    [Fact]
    public void TheStructureNamesWhatThereIs()
    {
        BootInformation information = Build();
        Assert.Equal(BootInformation.ExpectedMagic, information.Magic);
        Assert.Equal(BootInformation.ExpectedVersion, information.Version);
        Assert.Equal((uint)sizeof(BootInformation), information.Size);
        Assert.Equal("quiet", Encoding.ASCII.GetString((byte*)information.CommandLine.Start, (int)information.CommandLine.Length));
        Assert.Equal("disk", Encoding.ASCII.GetString((byte*)information.Initrd.Start, (int)information.Initrd.Length));
        Assert.Equal(0x1234UL, information.AcpiRootPointer);
        Assert.Equal(0x5678UL, information.ConfidentialComputingBlob);
        Assert.Equal(TestImage.KernelStart, information.CodeStart);
        Assert.Equal(TestImage.KernelStart + 0x2000, information.CodeEnd);
        Assert.Equal(TestImage.KernelStart + 0x3000, information.ConstantsEnd);
    }

    [Fact]
    public void TheKernelIsWhereItIsLinkedAndItsRestIsZero()
    {
        BootInformation information = Build();
        byte* image = (byte*)information.Image.Start;
        Assert.Equal(0x7000UL, information.Image.Length);
        Assert.All(new ReadOnlySpan<byte>(image, 0x1800).ToArray(), b => Assert.Equal(0xC0, b));
        Assert.All(new ReadOnlySpan<byte>(image + 0x1800, 0x800).ToArray(), b => Assert.Equal(0, b));
        Assert.All(new ReadOnlySpan<byte>(image + 0x2000, 0x10).ToArray(), b => Assert.Equal(0xCC, b));
        Assert.All(new ReadOnlySpan<byte>(image + 0x3000, 0x800).ToArray(), b => Assert.Equal(0xDA, b));
        Assert.All(new ReadOnlySpan<byte>(image + 0x3800, 0x3000).ToArray(), b => Assert.Equal(0, b));
    }

    [Fact]
    public void CodeIsExecutableDataIsWritableAndNothingIsBoth()
    {
        BootInformation information = Build();
        ulong root = information.PageTables.Start;
        AssertMapped(root, TestImage.KernelStart + 0x1000, information.Image.Start + 0x1000, writable: false, executable: true);
        AssertMapped(root, TestImage.KernelStart + 0x2000, information.Image.Start + 0x2000, writable: false, executable: false);
        AssertMapped(root, TestImage.KernelStart + 0x6000, information.Image.Start + 0x6000, writable: true, executable: false);
        Assert.Equal(0UL, Walk(root, TestImage.KernelStart + 0x7000, out _));
    }

    [Fact]
    public void TheDirectMapHasAllRamAndCannotWriteTheKernelsCode()
    {
        BootInformation information = Build();
        ulong root = information.PageTables.Start;
        AssertMapped(root, AddressSpaceLayout.DirectMap + information.Image.Start, information.Image.Start, writable: false, executable: false);
        AssertMapped(root, AddressSpaceLayout.DirectMap + information.Image.Start + 0x2000, information.Image.Start + 0x2000, false, false);
        AssertMapped(root, AddressSpaceLayout.DirectMap + information.Image.Start + 0x3000, information.Image.Start + 0x3000, true, false);
        for (ulong offset = 0; offset < SimulatedFirmware.RamSize; offset += 1 << 20)
        {
            ulong address = SimulatedFirmware.RamStart + offset;
            Walk(root, AddressSpaceLayout.DirectMap + address, out ulong physical);
            Assert.Equal(address, physical);
        }

        AssertMapped(root, AddressSpaceLayout.DirectMap + 0x1000, 0x1000, true, false); // the second range of RAM
        Assert.Equal(0UL, Walk(root, AddressSpaceLayout.DirectMap + 0xFEE0_0000, out _)); // a device
    }

    [Fact]
    public void T30_UnacceptedMemoryHasTablesAndIsNotMapped()
    {
        BootInformation information = Build();
        const ulong Unaccepted = AddressSpaceLayout.DirectMap + UnacceptedStart;
        Assert.Equal(0UL, Walk(information.PageTables.Start, Unaccepted, out _));
        Assert.Equal(0UL, Walk(information.PageTables.Start, Unaccepted + UnacceptedSize - 4096, out _));
        Assert.True(HasDirectory(information.PageTables.Start, Unaccepted));
        Assert.True(HasDirectory(information.PageTables.Start, Unaccepted + UnacceptedSize - 4096));
        Assert.False(HasDirectory(information.PageTables.Start, Unaccepted + UnacceptedSize));
    }

    [Theory]
    [InlineData(0UL, true, 0)] // a plain machine has no way to accept memory
    [InlineData(1UL << 51, true, 1)]
    [InlineData(1UL << 51, false, 0)]
    public void FirmwareIsToldThatTheKernelAcceptsMemoryInAnSnpGuestOnly(ulong encryptionMask, bool offers, int calls)
    {
        try
        {
            Build(encryptionMask, offers);
            Assert.Equal(calls, SimulatedFirmware.AcceptanceCalls);
        }
        finally
        {
            Build(); // takes the encryption bit away
        }
    }

    [Fact]
    public void TheStackLiesBetweenPagesThatAreNotMapped()
    {
        BootInformation information = Build();
        ulong root = information.PageTables.Start;
        ulong bottom = AddressSpaceLayout.Stacks + AddressSpaceLayout.StackOffset;
        AssertMapped(root, bottom, information.Stack.Start, writable: true, executable: false);
        AssertMapped(root, bottom + AddressSpaceLayout.StackSize - 0x1000, information.Stack.Start + AddressSpaceLayout.StackSize - 0x1000, true, false);
        Assert.Equal(0UL, Walk(root, bottom - 0x1000, out _));
        Assert.Equal(0UL, Walk(root, bottom + AddressSpaceLayout.StackSize, out _));
    }

    [Fact]
    public void TheApplicationIsMappedAtItsOwnAddressForTheSwitch()
    {
        BootInformation information = Build();
        AssertMapped(information.PageTables.Start, (ulong)SimulatedFirmware.Image, (ulong)SimulatedFirmware.Image, writable: false, executable: true);
    }

    [Fact]
    public void AChangedMapIsReadAgain()
    {
        Build();
        MemoryMap map = ReadMap();
        SimulatedFirmware.ChangeMapBeforeExit(3);
        int before = SimulatedFirmware.MapReads;
        Assert.True(Firmware.TryExitBootServices(ref map));
        Assert.True(SimulatedFirmware.HasExited);
        Assert.Equal(4, SimulatedFirmware.MapReads - before);
    }

    [Fact]
    public void AMapThatNeverSettlesIsGivenUp()
    {
        Build();
        MemoryMap map = ReadMap();
        SimulatedFirmware.ChangeMapBeforeExit(100);
        Assert.False(Firmware.TryExitBootServices(ref map));
        Assert.False(SimulatedFirmware.HasExited);
    }

    private static MemoryMap ReadMap()
    {
        Assert.True(Firmware.TryReadMemoryMap(out MemoryMap map));
        return map;
    }

    private static bool HasDirectory(ulong root, ulong address)
    {
        ulong pointers = ((ulong*)root)[(address >> 39) & 511] & 0x000F_FFFF_FFFF_F000;
        return pointers != 0 && ((ulong*)pointers)[(address >> 30) & 511] != 0;
    }

    private static BootInformation Build(ulong encryptionMask = 0, bool offersAcceptance = false)
    {
        SimulatedFirmware.Start(TestImage.Of((".text", new byte[0x3000]), (".cmdline", "quiet"u8.ToArray()), (".initrd", "disk"u8.ToArray()), (".linux", TestImage.Kernel())));
        SimulatedFirmware.ExtraRanges.Add(new EfiMemoryDescriptor { Type = EfiMemoryType.Conventional, NumberOfPages = 160 });
        SimulatedFirmware.ExtraRanges.Add(new EfiMemoryDescriptor { Type = EfiMemoryType.MemoryMappedIo, PhysicalStart = 0xFEE0_0000, NumberOfPages = 1 });
        SimulatedFirmware.ExtraRanges.Add(
            new EfiMemoryDescriptor { Type = EfiMemoryType.Unaccepted, PhysicalStart = UnacceptedStart, NumberOfPages = UnacceptedSize >> 12 });
        Processor.EncryptionMask = encryptionMask;
        SimulatedFirmware.OffersAcceptance = offersAcceptance;
        SimulatedFirmware.Publish(0, EfiGuid.Acpi20, 0x1234);
        SimulatedFirmware.Publish(1, EfiGuid.ConfidentialComputingBlob, 0x5678);
        Assert.True(Program.TryPrepare(out Handover handover), SimulatedFirmware.Console);
        return *handover.Information;
    }

    private static void AssertMapped(ulong root, ulong address, ulong physical, bool writable, bool executable)
    {
        ulong entry = Walk(root, address, out ulong found);
        Assert.Equal(physical, found);
        Assert.Equal(writable, (entry & Writable) != 0);
        Assert.Equal(executable, (entry & NoExecute) == 0);
    }

    /// <summary>The entry that maps an address, as a processor finds it; 0 where none does.</summary>
    private static ulong Walk(ulong root, ulong address, out ulong physical)
    {
        ulong table = root;
        for (int shift = 39; ; shift -= 9)
        {
            ulong entry = ((ulong*)table)[(address >> shift) & 511];
            ulong target = entry & 0x000F_FFFF_FFFF_F000;
            physical = target + (address & ((1UL << shift) - 1));
            if ((entry & 1) == 0)
            {
                return 0;
            }

            if (shift == 12 || (entry & 0x80) != 0)
            {
                return entry;
            }

            table = target;
        }
    }
}

using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;
using CsCheck;
using LiteBox.South.Acpi;
using Xunit;

namespace LiteBox.South.Tests.Acpi;

/// <summary>Hardening rule T54, ACPI.</summary>
public class AcpiTablesTests
{
    private const int Root = 0x100, Extended = 0x200, Fadt = 0x300, Madt = 0x500, Size = 0x800;

    [Fact]
    public void PowerAndProcessorsAreFound()
    {
        var memory = new SimulatedAcpiMemory(Build());
        Assert.True(AcpiTables.TryOpen(memory, Root, out AcpiTables tables));
        Assert.True(tables.TryGetPower(out AcpiPower power));
        Assert.Equal(0x604, power.ControlPort);
        Assert.Equal(0xCF9, power.ResetPort);
        Assert.Equal(0x0F, power.ResetValue);
        Assert.True(tables.TryGetProcessors(out AcpiProcessors processors));
        Assert.Equal(2, processors.Count);
        Assert.Equal(0u, processors.Identifier(0));
        Assert.Equal(0x1234u, processors.Identifier(1));
        Assert.Equal(0xFEE00000UL, processors.LocalApicAddress);
        Assert.Equal(0xFEC00000UL, processors.IoApicAddress);
    }

    [Theory]
    [InlineData(Root + 3)]
    [InlineData(Root + 21)]
    [InlineData(Extended + 20)]
    public void AWrongByteInTheRootsIsFound(int offset)
    {
        byte[] bytes = Build();
        bytes[offset] ^= 0x10;
        Assert.False(AcpiTables.TryOpen(new SimulatedAcpiMemory(bytes), Root, out _));
    }

    [Theory]
    [InlineData(Fadt + 64)]
    [InlineData(Fadt + 4)]
    public void AWrongByteInTheFadtIsFound(int offset)
    {
        byte[] bytes = Build();
        bytes[offset] ^= 0x40;
        Assert.True(AcpiTables.TryOpen(new SimulatedAcpiMemory(bytes), Root, out AcpiTables tables));
        Assert.False(tables.TryGetPower(out _));
        Assert.True(tables.TryGetProcessors(out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    public void AnEntryOfImpossibleLengthIsRefused(byte length)
    {
        byte[] bytes = Build();
        bytes[Madt + 45] = length;
        Seal(bytes, Madt);
        Assert.True(AcpiTables.TryOpen(new SimulatedAcpiMemory(bytes), Root, out AcpiTables tables));
        Assert.False(tables.TryGetProcessors(out _));
    }

    [Fact]
    public void AnyBytesGiveAnAnswer() =>
        Gen.Select(Gen.Int[0, Size - 1], Gen.Byte).Array[1, 6].Sample(changes =>
        {
            byte[] bytes = Build();
            foreach ((int offset, byte value) in changes)
            {
                bytes[offset] = value;
            }

            foreach (int table in new[] { Extended, Fadt, Madt })
            {
                Seal(bytes, table); // so that the changed bytes get past the checksum
            }

            SealRoot(bytes);
            if (AcpiTables.TryOpen(new SimulatedAcpiMemory(bytes), Root, out AcpiTables tables))
            {
                tables.TryGetPower(out _);
                if (tables.TryGetProcessors(out AcpiProcessors processors))
                {
                    Assert.InRange(processors.Count, 0, AcpiProcessors.Capacity);
                }
            }
        }, iter: 20000);

    [Fact]
    public void MoreProcessorsThanThereIsRoomForAreLeftOut()
    {
        byte[] bytes = new byte[4096];
        Build().CopyTo(bytes, 0);
        Write(bytes, Madt + 4, 44 + (8 * 100));
        for (int i = 0; i < 100; i++)
        {
            new byte[] { 0, 8, 0, (byte)i, 1, 0, 0, 0 }.CopyTo(bytes, Madt + 44 + (8 * i));
        }

        Seal(bytes, Madt);
        AcpiTables.TryOpen(new SimulatedAcpiMemory(bytes), Root, out AcpiTables tables);
        Assert.True(tables.TryGetProcessors(out AcpiProcessors processors));
        Assert.Equal(AcpiProcessors.Capacity, processors.Count);
    }

    private static byte[] Build()
    {
        byte[] bytes = new byte[Size];
        Encoding.ASCII.GetBytes("RSD PTR ").CopyTo(bytes, Root);
        bytes[Root + 15] = 2;
        Write(bytes, Root + 20, 36);
        Write(bytes, Root + 24, Extended);
        Table(bytes, Extended, "XSDT", 36 + 16);
        Write(bytes, Extended + 36, Fadt);
        Write(bytes, Extended + 44, Madt);
        Table(bytes, Fadt, "FACP", 244);
        Write(bytes, Fadt + 64, 0x604);
        Write(bytes, Fadt + 112, 1 << 10);
        bytes[Fadt + 116] = 1;
        Write(bytes, Fadt + 120, 0xCF9);
        bytes[Fadt + 128] = 0x0F;
        byte[] entries =
        [
            0, 8, 0, 0, 1, 0, 0, 0,
            0, 8, 1, 1, 0, 0, 0, 0, // not enabled
            1, 12, 0, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0,
            9, 16, 0, 0, 0x34, 0x12, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0,
        ];
        Table(bytes, Madt, "APIC", 44 + entries.Length);
        Write(bytes, Madt + 36, 0xFEE00000);
        entries.CopyTo(bytes, Madt + 44);
        Seal(bytes, Extended);
        Seal(bytes, Fadt);
        Seal(bytes, Madt);
        SealRoot(bytes);
        return bytes;
    }

    private static void Table(byte[] bytes, int offset, string signature, int length)
    {
        Encoding.ASCII.GetBytes(signature).CopyTo(bytes, offset);
        Write(bytes, offset + 4, (uint)length);
    }

    private static void Write(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    private static void Seal(byte[] bytes, int offset)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset + 4));
        if (length <= bytes.Length - offset && length >= 10)
        {
            Seal(bytes.AsSpan(offset, (int)length), 9);
        }
    }

    private static void SealRoot(byte[] bytes)
    {
        Seal(bytes.AsSpan(Root, 20), 8);
        Seal(bytes.AsSpan(Root, 36), 32);
    }

    private static void Seal(Span<byte> bytes, int checksum)
    {
        bytes[checksum] = 0;
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        bytes[checksum] = (byte)-sum;
    }

    private sealed class SimulatedAcpiMemory(byte[] bytes) : AcpiMemory
    {
        public override ReadOnlySpan<byte> At(ulong address, int limit) =>
            address >= (ulong)bytes.Length ? [] : bytes.AsSpan((int)address, Math.Min(limit, bytes.Length - (int)address));
    }
}

using LiteBox.South.Hardware;

namespace LiteBox.South.Timekeeping;

/// <summary>
/// The battery-backed clock (MC146818, ports 0x70 and 0x71), read once at boot. The host can make it say anything: it is the workload's idea of the date
/// and decides nothing (T41).
/// </summary>
internal static class RealTimeClock
{
    private const ushort IndexPort = 0x70;
    private const ushort DataPort = 0x71;
    private const byte Seconds = 0;
    private const byte Minutes = 2;
    private const byte Hours = 4;
    private const byte Day = 7;
    private const byte Month = 8;
    private const byte Year = 9;
    private const byte StatusA = 0xA;
    private const byte StatusB = 0xB;
    private const byte UpdateInProgress = 0x80;
    private const byte BinaryMode = 1 << 2;
    private const byte TwentyFourHours = 1 << 1;
    private const int MaximumReads = 100_000;

    /// <summary>Seconds since 1970-01-01 UTC, or 0 where the clock does not settle.</summary>
    internal static ulong ReadSeconds(HardwareAccess hardware)
    {
        for (int read = 0; read < MaximumReads; read++)
        {
            if ((Read(hardware, StatusA) & UpdateInProgress) != 0)
            {
                continue;
            }

            RealTimeReading first = ReadAll(hardware);
            RealTimeReading second = ReadAll(hardware);
            if (first.Equals(second))
            {
                return first.ToUnixSeconds();
            }
        }

        return 0;
    }

    private static RealTimeReading ReadAll(HardwareAccess hardware)
    {
        byte status = Read(hardware, StatusB);
        return new RealTimeReading(
            Read(hardware, Year),
            Read(hardware, Month),
            Read(hardware, Day),
            Read(hardware, Hours),
            Read(hardware, Minutes),
            Read(hardware, Seconds),
            isBinary: (status & BinaryMode) != 0,
            is24Hours: (status & TwentyFourHours) != 0);
    }

    private static byte Read(HardwareAccess hardware, byte register)
    {
        hardware.WritePort8(IndexPort, register);
        return hardware.ReadPort8(DataPort);
    }
}

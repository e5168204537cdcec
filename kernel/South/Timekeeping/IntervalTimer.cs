using LiteBox.South.Hardware;
using LiteBox.South.Instructions;

namespace LiteBox.South.Timekeeping;

/// <summary>
/// The 8254's second counter as a yardstick for other clocks (ports 0x42, 0x43, and its gate in 0x61): every PC has one, and its frequency is fixed.
/// It is the host's word all the same; so measurements are bounded, and the caller judges the result.
/// </summary>
internal static class IntervalTimer
{
    /// <summary>Its frequency in hertz.</summary>
    internal const ulong Frequency = 1_193_182;

    private const ushort Counter2 = 0x42;
    private const ushort Command = 0x43;
    private const ushort SystemControl = 0x61;

    /// <summary>Counter 2, low byte then high byte, mode 0 (counts down once).</summary>
    private const byte StartCounter2 = 0xB0;

    private const byte LatchCounter2 = 0x80;
    private const byte Gate2 = 1 << 0;
    private const byte Speaker = 1 << 1;
    private const uint Longest = 0xFFFF;

    /// <summary>After so many reads without the interval being over, it is not counting.</summary>
    private const int MaximumReads = 1_000_000;

    /// <summary>Starts counting down from the highest count.</summary>
    internal static void Start(HardwareAccess hardware)
    {
        byte control = hardware.ReadPort8(SystemControl);
        hardware.WritePort8(SystemControl, (byte)((control & ~Speaker) | Gate2));
        hardware.WritePort8(Command, StartCounter2);
        hardware.WritePort8(Counter2, unchecked((byte)Longest));
        hardware.WritePort8(Counter2, (byte)(Longest >> 8));
    }

    /// <summary>Waits for a number of counts since <see cref="Start"/>. False where it does not count.</summary>
    /// <param name="elapsed">The counts that have really passed.</param>
    /// <param name="timestamp">The time-stamp counter at that moment.</param>
    internal static bool TryWait(HardwareAccess hardware, uint counts, out uint elapsed, out ulong timestamp)
    {
        for (int read = 0; read < MaximumReads; read++)
        {
            ulong before = Instruction.ReadTimestamp();
            hardware.WritePort8(Command, LatchCounter2);
            ulong after = Instruction.ReadTimestamp();
            uint low = hardware.ReadPort8(Counter2);
            uint high = hardware.ReadPort8(Counter2);
            elapsed = Longest - ((high << 8) | low);
            timestamp = before + ((after - before) / 2);
            if (elapsed >= counts)
            {
                return true;
            }
        }

        elapsed = 0;
        timestamp = 0;
        return false;
    }
}

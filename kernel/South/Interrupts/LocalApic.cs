using LiteBox.South.Hardware;
using LiteBox.South.Processors;

namespace LiteBox.South.Interrupts;

/// <summary>The processor's own interrupt controller (APM volume 2, chapter 16): end of interrupt, and a timer that counts down once.</summary>
internal abstract class LocalApic
{
    private const uint TaskPriority = 0x80;
    private const uint EndOfInterruptRegister = 0xB0;
    private const uint SpuriousVector = 0xF0;
    private const uint TimerEntry = 0x320;
    private const uint LocalInterrupt0 = 0x350;
    private const uint LocalInterrupt1 = 0x360;
    private const uint ErrorEntry = 0x370;
    private const uint InitialCount = 0x380;
    private const uint CurrentCountRegister = 0x390;
    private const uint DivideConfiguration = 0x3E0;

    private const uint Enabled = 1 << 8;
    private const uint Masked = 1 << 16;
    private const uint DeadlineMode = 2 << 17;

    /// <summary>Divide by 16: 32 bits of count reach for a second at the least.</summary>
    private const uint DivideBy16 = 0b0011;

    private const ulong BaseEnabled = 1UL << 11;
    private const ulong BaseX2 = 1UL << 10;

    /// <summary>This processor's number for the I/O APIC.</summary>
    internal abstract byte Id { get; }

    /// <summary>What the timer has left to count.</summary>
    internal uint CurrentCount => Read(CurrentCountRegister);

    /// <summary>Switches the controller on, in its newer form (registers are MSRs) where there is one. Null when its registers cannot be reached.</summary>
    internal static LocalApic? TryOpen(HardwareAccess hardware, in ProcessorFeatures features)
    {
        ulong state = hardware.ReadMsr(Msr.ApicBase);
        if (features.HasX2Apic)
        {
            hardware.WriteMsr(Msr.ApicBase, state | BaseEnabled | BaseX2);
            return Prepare(new X2Apic(hardware));
        }

        hardware.WriteMsr(Msr.ApicBase, state | BaseEnabled);
        return hardware.TryOpenDevice(XApic.Address) ? Prepare(new XApic(hardware)) : null;
    }

    /// <summary>The interrupt has been handled; the next one may come.</summary>
    internal void EndInterrupt() => Write(EndOfInterruptRegister, 0);

    /// <summary>Counts down from the highest count without interrupting: for calibration.</summary>
    internal void StartCounting()
    {
        Write(TimerEntry, Masked | InterruptVectors.Timer);
        Write(InitialCount, uint.MaxValue);
    }

    /// <summary>The timer will interrupt after a count.</summary>
    internal void UseCounting()
    {
        Write(InitialCount, 0);
        Write(TimerEntry, InterruptVectors.Timer);
    }

    /// <summary>The timer will interrupt at a time-stamp (APM volume 2, 16.4.1.1).</summary>
    internal void UseDeadlines()
    {
        Write(InitialCount, 0);
        Write(TimerEntry, DeadlineMode | InterruptVectors.Timer);
    }

    /// <summary>Interrupts once after so many counts; 0 stops the timer.</summary>
    internal void CountDown(uint counts) => Write(InitialCount, counts);

    private protected abstract uint Read(uint offset);

    private protected abstract void Write(uint offset, uint value);

    private static LocalApic Prepare(LocalApic apic)
    {
        apic.Write(SpuriousVector, Enabled | InterruptVectors.Spurious);
        apic.Write(LocalInterrupt0, Masked);
        apic.Write(LocalInterrupt1, Masked);
        apic.Write(ErrorEntry, Masked);
        apic.Write(TaskPriority, 0);
        apic.Write(DivideConfiguration, DivideBy16);
        return apic;
    }
}

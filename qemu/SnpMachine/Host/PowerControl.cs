using LiteBox.SnpMachine.Diagnosis;

namespace LiteBox.SnpMachine.Host;

/// <summary>Sees the guest switch itself off or reset itself, which is when the counters are printed: QEMU ends right after.</summary>
internal static class PowerControl
{
    // PM1a control block of QEMU's q35, where its ACPI tables and every OVMF put it: SLP_EN is bit 13 (ACPI 6.5, 4.8.3.2.1).
    private const ushort SleepPort = 0x604;
    private const uint SleepEnable = 1 << 13;
    private const ushort ResetPort = 0xCF9;
    private const uint ResetNow = 1 << 2;
    private const ushort KeyboardCommandPort = 0x64;
    private const uint PulseReset = 0xFE;

    public static void Observe(ushort port, uint value)
    {
        if ((port == SleepPort && (value & SleepEnable) != 0) || (port == ResetPort && (value & ResetNow) != 0)
            || (port == KeyboardCommandPort && value == PulseReset))
        {
            Channel.Line("The guest switches itself off or resets itself, by port"u8, port);
            Json json = Json.Event("power"u8);
            json.Address("port"u8, port);
            json.Address("value"u8, value);
            json.End();
            Counters.Print();
        }
    }
}

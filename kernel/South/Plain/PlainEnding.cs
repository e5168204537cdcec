using LiteBox.South.Acpi;
using LiteBox.South.Handover;
using LiteBox.South.Hardware;
using LiteBox.South.Instructions;
using LiteBox.South.Snp;
using LiteBox.South.Stops;

namespace LiteBox.South.Plain;

/// <summary>How a plain machine is switched off or started anew: by the registers that ACPI names.</summary>
internal sealed class PlainEnding : StopEnding
{
    private const ushort KeyboardController = 0x64;
    private const byte PulseReset = 0xFE;
    private readonly HardwareAccess hardware;

    internal PlainEnding(HardwareAccess hardware) => this.hardware = hardware;

    /// <summary>What ACPI says; ports are 0 until it has been read.</summary>
    internal AcpiPower Power { get; set; }

    /// <inheritdoc/>
    internal override void End(StopReason reason) => PowerOff();

    /// <summary>The way to tell an SNP guest's host why it ends; null on a plain machine, which has none.</summary>
    internal SnpEnding? Guest { get; set; }

    /// <summary>
    /// The end of the workload. A release image has no console of its own: a status other than 0 is told to an SNP guest's host as the reason of a termination.
    /// </summary>
    internal void PowerOff(byte status)
    {
        if (!ImageKind.IsDebug && status != 0)
        {
            Guest?.TellStatus(status);
        }

        PowerOff();
    }

    /// <summary>Switches off, or halts where it cannot.</summary>
    internal void PowerOff()
    {
        if (Power.ControlPort != 0)
        {
            hardware.WritePort16(Power.ControlPort, AcpiPower.SleepEnable);
        }

        Instruction.HaltForever();
    }

    /// <summary>Resets by ACPI's register, else as the first PCs did.</summary>
    internal void Restart()
    {
        if (Power.ResetPort != 0)
        {
            hardware.WritePort8(Power.ResetPort, Power.ResetValue);
        }

        hardware.WritePort8(KeyboardController, PulseReset);
        Instruction.HaltForever();
    }
}

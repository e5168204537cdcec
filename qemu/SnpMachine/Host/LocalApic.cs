using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Host;

/// <summary>
/// The local interrupt controller is QEMU's, except for INIT and start-up IPIs, which would reach the machine's own processors: those
/// start virtual CPUs (APM volume 2, 16.5).
/// </summary>
internal static unsafe class LocalApic
{
    private const ulong Base = 0xFEE0_0000;
    private const ulong CommandLow = Base + 0x300;
    private const ulong CommandHigh = Base + 0x310;
    private const ulong Identity = Base + 0x20;
    private const uint X2CommandMsr = 0x830;
    private const uint X2IdentityMsr = 0x802;
    private const uint BaseMsr = 0x1B;
    private const ulong X2Enabled = 1 << 10;
    private const uint ModeNmi = 4;
    private const uint ModeInit = 5;
    private const uint ModeStartUp = 6;
    private const uint LevelAssert = 1 << 14;

    private enum Shorthand
    {
        None = 0,
        Self = 1,
        All = 2,
        AllButSelf = 3,
    }

    /// <summary>The identity of the processor that calls this.</summary>
    public static uint CurrentId => IsX2 ? (uint)Processor.ReadMsr(X2IdentityMsr) : *(uint*)Identity >> 24;

    private static bool IsX2 => (Processor.ReadMsr(BaseMsr) & X2Enabled) != 0;

    /// <summary>True when the write is a start-up command, which is done and must not reach the controller.</summary>
    public static bool TryHandle(VirtualCpu* cpu, ulong address, ulong size, ulong value)
    {
        if (address == CommandHigh)
        {
            cpu->CommandHigh = (uint)value;
        }
        return address == CommandLow && size == 4 && TryCommand(cpu, (uint)value, cpu->CommandHigh >> 24);
    }

    /// <summary>The same for the command register of x2APIC mode.</summary>
    public static bool TryHandleMsr(VirtualCpu* cpu, uint msr, ulong value) =>
        msr == X2CommandMsr && TryCommand(cpu, (uint)value, (uint)(value >> 32));

    /// <summary>Interrupts another processor of the machine, in whatever it does.</summary>
    public static void SendNmi(uint apicId)
    {
        uint command = ModeNmi << 8 | LevelAssert;
        if (IsX2)
        {
            Processor.WriteMsr(X2CommandMsr, (ulong)apicId << 32 | command);
            return;
        }
        // The guest may be between the two halves of a command of its own.
        uint kept = *(uint*)CommandHigh;
        *(uint*)CommandHigh = apicId << 24;
        *(uint*)CommandLow = command;
        *(uint*)CommandHigh = kept;
    }

    /// <summary>INIT and two start-up IPIs to all other processors: they begin at <paramref name="page"/>, below 1 MiB.</summary>
    public static void StartOthers(byte page)
    {
        const uint allButSelf = (uint)Shorthand.AllButSelf << 18;
        *(uint*)CommandLow = allButSelf | LevelAssert | ModeInit << 8;
        *(uint*)CommandLow = allButSelf | LevelAssert | ModeStartUp << 8 | page;
    }

    private static bool TryCommand(VirtualCpu* cpu, uint command, uint destination)
    {
        uint mode = (command >> 8) & 7;
        if (mode is not (ModeInit or ModeStartUp))
        {
            return false;
        }
        if (mode == ModeStartUp)
        {
            for (uint i = 0; i < CpuTable.Count; i++)
            {
                VirtualCpu* target = CpuTable.Cpu(i);
                bool isMeant = (Shorthand)((command >> 18) & 3) switch
                {
                    Shorthand.None => target->ApicId == destination,
                    Shorthand.Self => target == cpu,
                    Shorthand.All => true,
                    _ => target != cpu,
                };
                if (isMeant)
                {
                    ApControl.StartUp(target);
                }
            }
        }
        return true;
    }
}

using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Guest;

/// <summary>What of the guest is running.</summary>
internal static unsafe class GuestPlace
{
    private const int UpperHalf = 63;

    /// <summary>An operating system's kernel: privileged, at an address of the upper half. Firmware and boot loaders run in the lower.</summary>
    public static bool IsKernel(Vmcb* vmcb) => vmcb->Cpl == 0 && vmcb->Rip >> UpperHalf != 0;
}

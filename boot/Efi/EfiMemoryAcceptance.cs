using System.Runtime.InteropServices;

namespace LiteBox.Boot.Efi;

/// <summary>
/// The protocol by which a loader tells firmware that its kernel accepts memory itself (EDK II, OvmfPkg/Include/Protocol, gOsvBootMemoryAcceptProtocol; Linux' EFI stub
/// calls it likewise). Without the call, firmware accepts everything when boot services end.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EfiMemoryAcceptance
{
    public EfiAllowUnacceptedMemory AllowUnacceptedMemory;
}

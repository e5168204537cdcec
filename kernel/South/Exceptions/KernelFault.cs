using System.Diagnostics.CodeAnalysis;
using LiteBox.Platform;
using LiteBox.South.Processors;
using LiteBox.South.Scheduling;
using LiteBox.South.Stops;

namespace LiteBox.South.Exceptions;

/// <summary>Names an exception that nothing in the kernel can go on from.</summary>
internal static class KernelFault
{
    [DoesNotReturn]
    internal static void Stop(in UserRegisters registers, ulong vector, ulong errorCode, ulong address)
    {
        switch (vector)
        {
            case InterruptVectors.DoubleFault when SouthScheduler.IsBelowCurrentStack(address):
                Stops.Stop.Exception(StopReason.KernelStackOverflow, "the kernel stack overflowed", registers, vector, errorCode, address);
                break;

            case InterruptVectors.DoubleFault:
                Stops.Stop.Exception(StopReason.DoubleFault, "double fault", registers, vector, errorCode, address);
                break;

            case InterruptVectors.NonMaskable:
                Stops.Stop.Exception(StopReason.NonMaskableInterrupt, "non-maskable interrupt", registers, vector, errorCode, address);
                break;

            case InterruptVectors.MachineCheck:
                Stops.Stop.Exception(StopReason.MachineCheck, "machine check", registers, vector, errorCode, address);
                break;

            case (ulong)ExceptionVector.VmmCommunication:
                Stops.Stop.Exception(StopReason.UnexpectedVmmCommunication, "unexpected #VC", registers, vector, errorCode, address);
                break;

            case (ulong)ExceptionVector.PageFault:
                Stops.Stop.Exception(StopReason.KernelPageFault, "page fault in the kernel", registers, vector, errorCode, address);
                break;

            default:
                Stops.Stop.Exception(StopReason.KernelException, "exception in the kernel", registers, vector, errorCode, address);
                break;
        }
    }
}

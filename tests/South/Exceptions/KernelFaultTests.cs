using LiteBox.Platform;
using LiteBox.South.Exceptions;
using LiteBox.South.Processors;
using LiteBox.South.Stops;
using Xunit;

namespace LiteBox.South.Tests.Exceptions;

/// <summary>Hardening rules T1, T6 and T12: no exception is gone on from in the kernel.</summary>
public sealed class KernelFaultTests
{
    [Fact]
    public void Every_exception_in_the_kernel_stops_the_machine()
    {
        for (ulong vector = 0; vector < InterruptVectors.FirstExternal; vector++)
        {
            StoppedException stop = Assert.Throws<StoppedException>(() => KernelFault.Stop(default, vector, 0, ulong.MaxValue));
            Assert.Equal(Reason(vector), stop.Reason);
        }
    }

    private static StopReason Reason(ulong vector) => vector switch
    {
        2 => StopReason.NonMaskableInterrupt,
        8 => StopReason.DoubleFault,
        14 => StopReason.KernelPageFault,
        18 => StopReason.MachineCheck,
        29 => StopReason.UnexpectedVmmCommunication,
        _ => StopReason.KernelException,
    };
}

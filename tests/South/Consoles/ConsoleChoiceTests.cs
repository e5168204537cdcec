using System.Text;
using LiteBox.South.Consoles;
using Xunit;

namespace LiteBox.South.Tests.Consoles;

/// <summary>Hardening rule T64: the console is an explicit choice in the measured command line.</summary>
public sealed class ConsoleChoiceTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("quiet", false)]
    [InlineData("console=ttyS0", true)]
    [InlineData("quiet console=ttyS0 init=/x", true)]
    [InlineData("console=ttyS0,115200", true)]
    [InlineData("console=ttyS1", false)]
    [InlineData("console=ttyS01", false)]
    [InlineData("xconsole=ttyS0", false)]
    [InlineData("quiet -- console=ttyS0", false)] // the first process's own
    public void TheSerialPortIsNamedBeforeTheDashes(string commandLine, bool isNamed) =>
        Assert.Equal(isNamed, ConsoleChoice.IsNamed(Encoding.ASCII.GetBytes(commandLine)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(42 << 8, 42)]
    [InlineData(9, 137)]
    [InlineData(11 | 0x80, 139)] // with a core file
    public void AStatusIsWhatAShellWouldSay(int waitStatus, byte expected) => Assert.Equal(expected, WaitStatusText.ShellStatus(waitStatus));
}

using System.IO;
using LiteBox.Abi;
using LiteBox.North.SystemCalls;
using LiteBox.North.Tests.Processes;
using LiteBox.SyscallTable;

namespace LiteBox.North.Tests.SystemCalls;

/// <summary>The table as data, and what is not in it.</summary>
public class SystemCallTableTests
{
    [Fact]
    public void The_document_says_what_the_table_says()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "LiteBox.Snp.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        // If this fails: dotnet run --project tools/SyscallTable docs/syscalls.md
        Assert.Equal(SyscallDocument.Create(), File.ReadAllText(Path.Combine(root, "docs", "syscalls.md")));
    }

    [Theory]
    [InlineData(335)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(100_000)]
    [InlineData(0xFFFF_FFFF)]
    [InlineData(ulong.MaxValue)]
    public void Numbers_beyond_the_table_are_ENOSYS_and_logged_once(ulong number)
    {
        var world = new World();
        world.Run(user =>
        {
            Assert.Equal(User.Error(Errno.ENOSYS), user.Thread.SystemCall(number));
            Assert.Equal(User.Error(Errno.ENOSYS), user.Thread.SystemCall(number));
            user.Exit(0);
        });
        Assert.Single(world.Machine.LogLines, line => line.Contains("system call"));
    }

    [Fact]
    public void Numbers_are_taken_by_their_low_half()
    {
        new World().Run(user =>
        {
            Assert.Equal(1, user.Thread.SystemCall(0x1_0000_0000 + (ulong)SystemCallNumber.getpid));
            user.Exit(0);
        });
    }

    [Fact]
    public void Without_heap_a_call_that_needs_it_is_ENOMEM()
    {
        var world = new World();
        world.Run(user =>
        {
            world.Machine.FakeHeap.ReservationsUntilFailure = 0;
            Assert.Equal(User.Error(Errno.ENOMEM), user.Call(SystemCallNumber.fork));
            Assert.Equal(1, user.Call(SystemCallNumber.getpid));
            world.Machine.FakeHeap.ReservationsUntilFailure = -1;
            user.Exit(0);
        });
    }
}

using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Tests.Programs;
using LiteBox.Platform;

namespace LiteBox.North.Tests.Processes;

/// <summary>fork, exit, wait, and what they leave behind: nothing.</summary>
public class LifeAndDeathTests
{
    [Fact]
    public void The_machine_ends_with_the_first_process()
    {
        var world = new World();
        Assert.Equal(7 << 8, world.Run(user => user.Exit(7)));
        Assert.Contains("litebox: workload exited with status 7", world.Machine.LogLines);
    }

    [Fact]
    public void A_child_sees_the_memory_of_its_parent_and_changes_its_own()
    {
        var world = new World();
        world.Run(user =>
        {
            user.WriteWord(World.Scratch, 1);
            int child = user.Fork(inner =>
            {
                Assert.Equal(1UL, inner.ReadWord(World.Scratch));
                inner.WriteWord(World.Scratch, 2);
                Assert.Equal(2UL, inner.ReadWord(World.Scratch));
                inner.Exit(3);
            });
            Assert.True(child > 1);
            Assert.Equal((child, 3 << 8), user.Wait());
            Assert.Equal(1UL, user.ReadWord(World.Scratch));
            Assert.Equal(User.Error(Errno.ECHILD), user.Wait().Id);
            user.Exit(0);
        });
    }

    [Fact]
    public void Vfork_shares_memory_and_the_parent_waits()
    {
        var world = new World();
        world.Run(user =>
        {
            user.WriteWord(World.Scratch, 1);
            user.Fork(
                inner =>
                {
                    inner.WriteWord(World.Scratch, 2);
                    inner.Exit(0);
                },
                SystemCallNumber.vfork);
            Assert.Equal(2UL, user.ReadWord(World.Scratch));
            user.Wait();
            user.Exit(0);
        });
    }

    [Fact]
    public void Orphans_go_to_the_first_process()
    {
        var world = new World();
        world.Run(user =>
        {
            user.Fork(inner =>
            {
                inner.Fork(innermost =>
                {
                    while (innermost.Call(SystemCallNumber.getppid) != 1)
                    {
                        innermost.Call(SystemCallNumber.sched_yield);
                    }

                    innermost.Exit(5);
                });
                inner.Exit(4);
            });
            Assert.Equal(4 << 8, user.Wait().Status);
            Assert.Equal(5 << 8, user.Wait().Status);
            user.Exit(0);
        });
    }

    [Fact]
    public void A_parent_that_ignores_SIGCHLD_finds_no_zombies()
    {
        var world = new World();
        world.Run(user =>
        {
            user.SetAction(17, 1);
            user.Fork(inner => inner.Exit(0));
            Assert.Equal(User.Error(Errno.ECHILD), user.Wait().Id);
            Assert.Equal(1, world.Kernel.Processes.TaskCount);
            user.Exit(0);
        });
    }

    [Fact]
    public void A_thread_shares_memory_and_clears_its_id()
    {
        var world = new World();
        world.Run(user =>
        {
            user.WriteWord(World.Scratch + 64, 77);
            user.CreateThread(
                inner =>
                {
                    inner.WriteWord(World.Scratch, 9);
                    inner.Call(SystemCallNumber.exit, 0);
                },
                World.Scratch + 64);
            while (user.ReadWord32(World.Scratch + 64) != 0)
            {
                user.Call(SystemCallNumber.futex, World.Scratch + 64, 0, 77);
            }

            Assert.Equal(9UL, user.ReadWord(World.Scratch));
            user.Exit(0);
        });
    }

    [Fact]
    public void Exit_group_ends_threads_that_wait()
    {
        var world = new World();
        int status = world.Run(user =>
        {
            user.CreateThread(inner => inner.Call(SystemCallNumber.pause));
            user.Call(SystemCallNumber.sched_yield);
            user.Exit(6);
        });
        Assert.Equal(6 << 8, status);
    }

    [Fact]
    public void A_thousand_forks_and_executions_leave_nothing()
    {
        var world = new World();
        world.Run(user =>
        {
            user.MakeFile("/program", TestPrograms.Static());
            user.Fork(inner => inner.Exit(0));
            user.Wait();
            long before = world.Machine.Frames.FreeCount;
            for (int i = 0; i < 1000; i++)
            {
                user.Fork(inner =>
                {
                    inner.WriteWord(World.Scratch, (ulong)i);
                    if (i % 2 == 0)
                    {
                        inner.Execute("/program", "/program", "argument");
                    }

                    inner.Exit(0);
                });
                Assert.Equal(0, user.Wait().Status);
            }

            Assert.Equal(before, world.Machine.Frames.FreeCount);
            Assert.Equal(1, world.Kernel.Processes.TaskCount);
            Assert.Equal(1, world.Kernel.Processes.ProcessCount);
            Assert.Equal(world.Kernel.SignalPool.Capacity, world.Kernel.SignalPool.FreeCount);
            user.Exit(0);
        });
    }

    [Fact]
    public void Whichever_frame_cannot_be_had_the_kernel_goes_on_and_nothing_is_lost()
    {
        for (int fails = 0; ; fails++)
        {
            bool isDone = false;
            var world = new World();
            world.Run(user =>
            {
                user.MakeFile("/program", TestPrograms.Static());
                user.Fork(inner => inner.Exit(0));
                user.Wait();
                ulong path = user.Text("/program");
                user.WriteWord(World.Scratch, path);
                user.WriteWord(World.Scratch + 8, 0);
                user.WriteWord(World.Scratch + World.ScratchLength - 64, 0); // where wait stores its status
                long before = world.Machine.Frames.FreeCount;
                world.Machine.FakeFrames.AllocationsUntilFailure = fails;
                int child = user.Fork(inner =>
                {
                    inner.Exit(inner.Call(SystemCallNumber.execve, path, World.Scratch, 0) == 0 ? 0 : 1);
                });
                if (child > 0)
                {
                    (int id, int status) = user.Wait();
                    Assert.Equal(child, id);
                    isDone = status == 0;
                }

                world.Machine.FakeFrames.AllocationsUntilFailure = -1;
                Assert.Equal(before, world.Machine.Frames.FreeCount);
                user.Exit(0);
            });
            if (isDone)
            {
                Assert.True(fails > 5);
                return;
            }
        }
    }

    [Fact]
    public void A_fork_bomb_ends_in_EAGAIN()
    {
        var world = new World();
        world.Run(user =>
        {
            int count = 0;
            int child;
            while ((child = user.Fork(inner =>
            {
                inner.Call(SystemCallNumber.pause);
                inner.Exit(0);
            })) > 0)
            {
                count++;
            }

            Assert.Equal(User.Error(Errno.EAGAIN), child);
            Assert.Equal(world.Kernel.MaximumTasks - 1, count);
            user.Exit(0);
        });
    }

    [Fact]
    public void A_stack_that_cannot_be_had_is_EAGAIN_and_leaves_nothing()
    {
        var world = new World();
        world.Run(user =>
        {
            long before = world.Machine.Frames.FreeCount;
            world.Machine.FakeScheduler.ThreadsUntilFailure = 0;
            Assert.Equal(User.Error(Errno.EAGAIN), user.Fork(inner => inner.Exit(0)));
            Assert.Equal(before, world.Machine.Frames.FreeCount);
            Assert.Equal(1, world.Kernel.Processes.TaskCount);
            user.Exit(0);
        });
    }

    [Fact]
    public void A_memory_hog_is_killed_and_the_machine_goes_on()
    {
        var world = new World(frames: 600);
        world.Run(user =>
        {
            int child = user.Fork(inner =>
            {
                const ulong length = 16 << 20;
                long address = inner.Call(SystemCallNumber.mmap, 0, length, 3, 0x22, ulong.MaxValue, 0);
                Assert.True(address > 0);
                for (ulong offset = 0; offset < length; offset += 4096)
                {
                    inner.Thread.Touch((ulong)address + offset, PageAccess.Write);
                }

                inner.Exit(0);
            });
            Assert.Equal((child, 9), user.Wait());
            user.Exit(0);
        });
    }
}

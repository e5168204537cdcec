using LiteBox.Abi;
using LiteBox.North.Tests.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Tests.Signals;

/// <summary>Signals from sending to the return from the handler (signal(7)).</summary>
public class SignalTests
{
    private const int SIGUSR1 = 10;
    private const int SIGUSR2 = 12;
    private const ulong SA_SIGINFO = 4;
    private const ulong SA_ONSTACK = 0x08000000;
    private const ulong SA_RESTART = 0x10000000;
    private const ulong SA_NODEFER = 0x40000000;
    private const ulong SA_RESETHAND = 0x80000000;

    [Fact]
    public void A_handler_runs_once_with_its_arguments_and_everything_comes_back()
    {
        Run(user =>
        {
            int ran = 0;
            user.Handle(
                SIGUSR1,
                inner =>
                {
                    ran++;
                    UserRegisters registers = inner.Thread.Registers;
                    Assert.Equal((ulong)SIGUSR1, registers.Rdi);
                    Assert.Equal(8UL, registers.Rsp % 16);
                    Assert.Equal(0x60_0000UL, inner.ReadWord(registers.Rsp));
                    Assert.Equal((uint)SIGUSR1, inner.ReadWord32(registers.Rsi));
                    Assert.Equal(0u, inner.ReadWord32(registers.Rsi + 8)); // SI_USER
                    Assert.Equal(1u, inner.ReadWord32(registers.Rsi + 16));
                    Assert.Equal(0x5555UL, inner.ReadWord(registers.Rdx + 40 + 32)); // R12 in the context
                    Assert.Equal(1UL << (SIGUSR1 - 1), Mask(inner));
                    inner.Thread.FloatingPoint[200] = 9;
                },
                SA_SIGINFO);
            user.Thread.Registers.R12 = 0x5555;
            user.Thread.FloatingPoint[200] = 7;
            user.Thread.FloatingPoint[512] = 7;
            ulong stack = user.Thread.Registers.Rsp;
            Assert.Equal(0, user.Kill(1, SIGUSR1));
            Assert.Equal(1, ran);
            Assert.Equal(0x5555UL, user.Thread.Registers.R12);
            Assert.Equal(stack, user.Thread.Registers.Rsp);
            Assert.Equal(7, user.Thread.FloatingPoint[200]);
            Assert.Equal(0UL, Mask(user));
        });
    }

    [Fact]
    public void The_extended_state_has_its_marks()
    {
        Run(user =>
        {
            user.Handle(SIGUSR1, inner =>
            {
                ulong area = inner.ReadWord(inner.Thread.Registers.Rdx + 40 + 184);
                Assert.Equal(0UL, area % 64);
                Assert.Equal(0x46505853u, inner.ReadWord32(area + 464));
                Assert.Equal(836u, inner.ReadWord32(area + 468));
                Assert.Equal(7UL, inner.ReadWord(area + 472));
                Assert.Equal(832u, inner.ReadWord32(area + 480));
                Assert.Equal(0x46505845u, inner.ReadWord32(area + 832));
                Assert.Equal(7UL, inner.ReadWord(inner.Thread.Registers.Rdx)); // uc_flags
            });
            user.Kill(1, SIGUSR1);
        });
    }

    [Fact]
    public void A_handler_changes_the_registers_that_come_back()
    {
        Run(user =>
        {
            user.Handle(SIGUSR1, inner => inner.WriteWord(inner.Thread.Registers.Rdx + 40 + (13 * 8), 4711)); // RAX in the context
            Assert.Equal(4711, user.Kill(1, SIGUSR1));
        });
    }

    [Fact]
    public void A_blocked_signal_waits_and_a_standard_one_comes_once()
    {
        Run(user =>
        {
            int ran = 0;
            user.Handle(SIGUSR1, _ => ran++);
            Block(user, SIGUSR1);
            user.Kill(1, SIGUSR1);
            user.Kill(1, SIGUSR1);
            Assert.Equal(0, ran);
            Assert.Equal(0, user.Call(SystemCallNumber.rt_sigpending, World.Scratch, 8));
            Assert.Equal(1UL << (SIGUSR1 - 1), user.ReadWord(World.Scratch));
            SetMask(user, 0);
            Assert.Equal(1, ran);
        });
    }

    [Fact]
    public void Real_time_signals_queue_in_order_with_their_values()
    {
        Run(user =>
        {
            var values = new List<ulong>();
            user.Handle(40, inner => values.Add(inner.ReadWord(inner.Thread.Registers.Rsi + 24)), SA_SIGINFO);
            Block(user, 40);
            for (ulong i = 1; i <= 3; i++)
            {
                user.WriteWord(World.Scratch, 40);
                user.WriteWord(World.Scratch + 8, unchecked((uint)-1)); // SI_QUEUE
                user.WriteWord(World.Scratch + 16, 1);
                user.WriteWord(World.Scratch + 24, i);
                Assert.Equal(0, user.Call(SystemCallNumber.rt_sigqueueinfo, 1, 40, World.Scratch));
            }

            SetMask(user, 0);

            // Each handler's frame is made before the one below runs: the last one runs first, as on Linux, unless it blocks itself, as here.
            Assert.Equal([1, 2, 3], values);
        });
    }

    [Fact]
    public void The_pool_of_entries_bounds_real_time_signals_and_is_full_again_afterwards()
    {
        var world = new World();
        world.Run(user =>
        {
            user.Handle(40, _ => { });
            Block(user, 40);
            user.WriteWord(World.Scratch + 8, unchecked((uint)-1));
            long result = 0;
            int sent = 0;
            while (result == 0)
            {
                result = user.Call(SystemCallNumber.rt_sigqueueinfo, 1, 40, World.Scratch);
                sent++;
            }

            Assert.Equal(User.Error(Errno.EAGAIN), result);
            Assert.Equal(world.Kernel.SignalPool.Capacity + 1, sent);
            user.SetAction(40, 1);
            Assert.Equal(world.Kernel.SignalPool.Capacity, world.Kernel.SignalPool.FreeCount);
            user.Exit(0);
        });
    }

    [Fact]
    public void Flags_of_the_action_do_what_they_say()
    {
        Run(user =>
        {
            int depth = 0;
            int deepest = 0;
            user.Handle(
                SIGUSR1,
                inner =>
                {
                    depth++;
                    deepest = Math.Max(deepest, depth);
                    if (depth < 3)
                    {
                        inner.Kill(1, SIGUSR1);
                    }

                    depth--;
                },
                SA_NODEFER);
            user.Kill(1, SIGUSR1);
            Assert.Equal(3, deepest);

            user.Handle(SIGUSR2, _ => { }, SA_RESETHAND);
            user.Kill(1, SIGUSR2);
            Assert.Equal(0, user.Call(SystemCallNumber.rt_sigaction, SIGUSR2, 0, World.Scratch, 8));
            Assert.Equal(0UL, user.ReadWord(World.Scratch));
        });
    }

    [Fact]
    public void The_alternate_stack_is_used_when_asked_for()
    {
        Run(user =>
        {
            ulong stack = World.Scratch + 0x8000;
            user.WriteWord(World.Scratch, stack);
            user.WriteWord(World.Scratch + 8, 0);
            user.WriteWord(World.Scratch + 16, 0x4000);
            Assert.Equal(0, user.Call(SystemCallNumber.sigaltstack, World.Scratch, 0));
            bool ran = false;
            user.Handle(
                SIGUSR1,
                inner =>
                {
                    ran = true;
                    Assert.InRange(inner.Thread.Registers.Rsp, stack, stack + 0x4000);
                    Assert.Equal(User.Error(Errno.EPERM), inner.Call(SystemCallNumber.sigaltstack, World.Scratch, 0));
                    Assert.Equal(0, inner.Call(SystemCallNumber.sigaltstack, 0, World.Scratch + 64));
                    Assert.Equal(1u, inner.ReadWord32(World.Scratch + 72)); // SS_ONSTACK
                },
                SA_ONSTACK);
            user.Kill(1, SIGUSR1);
            Assert.True(ran);
        });
    }

    [Fact]
    public void A_fault_reaches_the_handler_with_code_and_address()
    {
        Run(user =>
        {
            (uint Code, ulong Address) seen = default;
            user.Handle(11, inner => seen = (inner.ReadWord32(inner.Thread.Registers.Rsi + 8), inner.ReadWord(inner.Thread.Registers.Rsi + 16)), SA_SIGINFO);
            Assert.False(user.Thread.Touch(0x123, PageAccess.Read));
            Assert.Equal((1u, 0x123UL), seen); // SEGV_MAPERR
            user.Call(SystemCallNumber.mprotect, World.Scratch + 0x40000, 4096, 1);
            Assert.False(user.Thread.Touch(World.Scratch + 0x40008, PageAccess.Write));
            Assert.Equal((2u, World.Scratch + 0x40008), seen); // SEGV_ACCERR
        });
    }

    [Fact]
    public void A_fault_while_blocked_kills()
    {
        var world = new World();
        world.Run(user =>
        {
            int child = user.Fork(inner =>
            {
                inner.Handle(11, _ => { });
                Block(inner, 11);
                inner.Thread.Touch(0, PageAccess.Read);
                inner.Exit(0);
            });
            Assert.Equal((child, 11), user.Wait());
            user.Exit(0);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_interrupted_wait_starts_again_or_tells(bool restarts)
    {
        Run(user =>
        {
            int ran = 0;
            int parent = 1;
            user.Handle(SIGUSR1, _ => ran++, restarts ? SA_RESTART : 0);
            user.Fork(inner =>
            {
                inner.Kill(parent, SIGUSR1);
                inner.Call(SystemCallNumber.sched_yield);
                inner.Exit(3);
            });
            (int id, int status) = user.Wait();
            Assert.Equal(1, ran);
            if (restarts)
            {
                Assert.Equal(3 << 8, status);
            }
            else
            {
                Assert.Equal(User.Error(Errno.EINTR), id);
                user.Wait();
            }
        });
    }

    [Fact]
    public void Sigsuspend_takes_the_signal_under_its_mask_and_puts_the_old_one_back()
    {
        Run(user =>
        {
            int ran = 0;
            user.Handle(SIGUSR1, inner =>
            {
                ran++;
                Assert.Equal(1UL << (SIGUSR1 - 1), Mask(inner));
            });
            Block(user, SIGUSR1);
            user.Kill(1, SIGUSR1);
            user.WriteWord(World.Scratch, 0);
            Assert.Equal(User.Error(Errno.EINTR), user.Call(SystemCallNumber.rt_sigsuspend, World.Scratch, 8));
            Assert.Equal(1, ran);
            Assert.Equal(1UL << (SIGUSR1 - 1), Mask(user));
        });
    }

    [Fact]
    public void Sigtimedwait_takes_what_is_blocked_or_gives_up()
    {
        Run(user =>
        {
            Block(user, SIGUSR1);
            user.WriteWord(World.Scratch, 1UL << (SIGUSR1 - 1));
            user.WriteWord(World.Scratch + 16, 0);
            user.WriteWord(World.Scratch + 24, 1000);
            Assert.Equal(User.Error(Errno.EAGAIN), user.Call(SystemCallNumber.rt_sigtimedwait, World.Scratch, 0, World.Scratch + 16, 8));
            user.Fork(inner =>
            {
                inner.Kill(1, SIGUSR1);
                inner.Exit(0);
            });
            Assert.Equal(SIGUSR1, user.Call(SystemCallNumber.rt_sigtimedwait, World.Scratch, World.Scratch + 64, 0, 8));
            user.Wait();
        });
    }

    [Fact]
    public void A_stopped_child_is_reported_continued_and_killed()
    {
        Run(user =>
        {
            int child = user.Fork(inner =>
            {
                while (true)
                {
                    inner.Call(SystemCallNumber.sched_yield);
                }
            });
            user.Kill(child, 19);
            Assert.Equal((child, (19 << 8) | 0x7F), user.Wait(child, 2));
            Assert.Equal(0, user.Wait(child, 1 | 2).Id);
            user.Kill(child, 18);
            Assert.Equal((child, 0xFFFF), user.Wait(child, 8));
            user.Kill(child, 19);
            user.Wait(child, 2);
            user.Kill(child, 9);
            Assert.Equal((child, 9), user.Wait(child));
        });
    }

    [Fact]
    public void The_first_process_is_immune_to_what_it_does_not_handle()
    {
        Run(user =>
        {
            Assert.Equal(0, user.Kill(1, 9));
            Assert.Equal(0, user.Kill(1, 15));
            int child = user.Fork(inner =>
            {
                inner.Kill(1, 9);
                inner.Exit(0);
            });
            Assert.Equal((child, 0), user.Wait());
        });
    }

    [Fact]
    public void An_alarm_rings()
    {
        Run(user =>
        {
            int ran = 0;
            user.Handle(14, _ => ran++);
            Assert.Equal(0, user.Call(SystemCallNumber.alarm, 2));
            Assert.Equal(User.Error(Errno.EINTR), user.Call(SystemCallNumber.pause));
            Assert.Equal(1, ran);
        });
    }

    [Fact]
    public void Sleep_goes_on_after_a_stop_and_tells_the_rest_after_a_handler()
    {
        Run(user =>
        {
            user.Handle(14, _ => { });
            user.Call(SystemCallNumber.alarm, 1);
            user.WriteWord(World.Scratch, 10);
            user.WriteWord(World.Scratch + 8, 0);
            Assert.Equal(User.Error(Errno.EINTR), user.Call(SystemCallNumber.nanosleep, World.Scratch, World.Scratch + 16));
            Assert.InRange(user.ReadWord(World.Scratch + 16), 8UL, 9UL);
            user.SetAction(14, 0);
            user.SetAction(28, 0); // SIGWINCH: no handler, nothing to do
            Assert.Equal(0, user.Call(SystemCallNumber.nanosleep, World.Scratch, 0));
        });
    }

    private static void Run(Action<User> program)
    {
        int status = new World().Run(user =>
        {
            program(user);
            user.Exit(42);
        });
        Assert.Equal(42 << 8, status);
    }

    private static ulong Mask(User user)
    {
        Assert.Equal(0, user.Call(SystemCallNumber.rt_sigprocmask, 0, 0, World.Scratch + 0x900, 8));
        return user.ReadWord(World.Scratch + 0x900);
    }

    private static void SetMask(User user, ulong mask)
    {
        user.WriteWord(World.Scratch + 0x900, mask);
        Assert.Equal(0, user.Call(SystemCallNumber.rt_sigprocmask, 2, World.Scratch + 0x900, 0, 8));
    }

    private static void Block(User user, int signal) => SetMask(user, 1UL << (signal - 1));
}

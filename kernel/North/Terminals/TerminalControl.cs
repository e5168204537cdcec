using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Processes;
using LiteBox.North.Signals;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Terminals;

/// <summary>The ioctls of terminals (tty_ioctl(4); include/uapi/asm-generic/ioctls.h).</summary>
internal static class TerminalControl
{
    private const uint TCGETS = 0x5401;
    private const uint TCSETS = 0x5402;
    private const uint TCSETSW = 0x5403;
    private const uint TCSETSF = 0x5404;
    private const uint TCSBRK = 0x5409;
    private const uint TCXONC = 0x540A;
    private const uint TCFLSH = 0x540B;
    private const uint TIOCEXCL = 0x540C;
    private const uint TIOCNXCL = 0x540D;
    private const uint TIOCSCTTY = 0x540E;
    private const uint TIOCGPGRP = 0x540F;
    private const uint TIOCSPGRP = 0x5410;
    private const uint TIOCOUTQ = 0x5411;
    private const uint TIOCGWINSZ = 0x5413;
    private const uint TIOCSWINSZ = 0x5414;
    private const uint FIONREAD = 0x541B;
    private const uint TIOCNOTTY = 0x5422;
    private const uint TIOCGETD = 0x5424;
    private const uint TCSBRKP = 0x5425;
    private const uint TIOCGSID = 0x5429;
    private const uint TCGETS2 = 0x802C542A;
    private const uint TCSETS2 = 0x402C542B;
    private const uint TCSETSW2 = 0x402C542C;
    private const uint TCSETSF2 = 0x402C542D;

    public static Result Control(Terminal terminal, Task task, uint request, ulong argument)
    {
        switch (request)
        {
            case TCGETS:
                return GetSettings(terminal, task, argument, TerminalSettings.Size);
            case TCGETS2:
                return GetSettings(terminal, task, argument, TerminalSettings.ExtendedSize);
            case TCSETS or TCSETSW or TCSETSF:
                return SetSettings(terminal, task, argument, TerminalSettings.Size, waits: request != TCSETS, flushes: request == TCSETSF);
            case TCSETS2 or TCSETSW2 or TCSETSF2:
                return SetSettings(terminal, task, argument, TerminalSettings.ExtendedSize, waits: request != TCSETS2, flushes: request == TCSETSF2);
            case TIOCGWINSZ:
                return UserWords.WriteInt64(task, argument, unchecked((long)terminal.WindowSize));
            case TIOCSWINSZ:
                return SetWindowSize(terminal, task, argument);
            case TIOCGPGRP:
                return task.Process.Session.ControllingTerminal != terminal
                    ? Errno.ENOTTY
                    : UserWords.WriteInt32(task, argument, terminal.ForegroundGroup?.Id ?? 0);
            case TIOCSPGRP:
                return UserWords.TryReadInt32(task, argument, out int group) ? terminal.SetForegroundGroup(task, group) : Errno.EFAULT;
            case TIOCGSID:
                return task.Process.Session.ControllingTerminal != terminal
                    ? Errno.ENOTTY
                    : UserWords.WriteInt32(task, argument, terminal.Session?.Id ?? 0);
            case TIOCSCTTY:
                return terminal.BecomeControlling(task, argument == 1);
            case TIOCNOTTY:
                return terminal.GiveUp(task);
            case FIONREAD:
                return UserWords.WriteInt32(task, argument, terminal.AvailableCount);
            case TIOCOUTQ:
                return UserWords.WriteInt32(task, argument, terminal.OutputPending);
            case TCFLSH:
                return ChangeAfterCheck(terminal, task, static (t, a) => t.Flush((int)a), argument);
            case TCXONC:
                return ChangeAfterCheck(terminal, task, static (t, a) => t.SetFlow((int)a), argument);
            case TCSBRK or TCSBRKP:
                return Drain(terminal, task);
            case TIOCGETD:
                return UserWords.WriteInt32(task, argument, 0); // N_TTY
            case TIOCEXCL or TIOCNXCL:
                return Result.Success;
            default:
                return Errno.ENOTTY;
        }
    }

    private delegate Errno Change(Terminal terminal, ulong argument);

    private static Result ChangeAfterCheck(Terminal terminal, Task task, Change change, ulong argument)
    {
        Errno error = terminal.CheckForeground(task, SignalNumber.SIGTTOU);
        return error != Errno.None ? error : change(terminal, argument);
    }

    private static Result GetSettings(Terminal terminal, Task task, ulong address, int size)
    {
        Span<byte> bytes = stackalloc byte[size];
        terminal.Settings.Write(bytes);
        return task.UserMemory.TryWrite(new UserAddress(address), bytes) ? Result.Success : Errno.EFAULT;
    }

    private static Result SetSettings(Terminal terminal, Task task, ulong address, int size, bool waits, bool flushes)
    {
        Errno error = terminal.CheckForeground(task, SignalNumber.SIGTTOU);
        if (error != Errno.None)
        {
            return error;
        }

        Span<byte> bytes = stackalloc byte[size];
        if (!task.UserMemory.TryRead(new UserAddress(address), bytes))
        {
            return Errno.EFAULT;
        }

        if (waits)
        {
            error = terminal.WaitUntilSent(task);
            if (error != Errno.None)
            {
                return error;
            }
        }

        terminal.ChangeSettings(bytes, flushes);
        return Result.Success;
    }

    private static Result SetWindowSize(Terminal terminal, Task task, ulong address)
    {
        if (!UserWords.TryReadInt64(task, address, out long size))
        {
            return Errno.EFAULT;
        }

        terminal.SetWindowSize(unchecked((ulong)size));
        return Result.Success;
    }

    private static Result Drain(Terminal terminal, Task task)
    {
        Errno error = terminal.CheckForeground(task, SignalNumber.SIGTTOU);
        return error != Errno.None ? error : terminal.WaitUntilSent(task);
    }
}

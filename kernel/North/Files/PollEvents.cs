namespace LiteBox.North.Files;

/// <summary>Events of poll(2) (include/uapi/asm-generic/poll.h).</summary>
internal static class PollEvents
{
    /// <summary>POLLIN.</summary>
    public const uint In = 0x001;

    /// <summary>POLLPRI.</summary>
    public const uint Priority = 0x002;

    /// <summary>POLLOUT.</summary>
    public const uint Out = 0x004;

    /// <summary>POLLERR.</summary>
    public const uint Error = 0x008;

    /// <summary>POLLHUP.</summary>
    public const uint HangUp = 0x010;

    /// <summary>POLLNVAL.</summary>
    public const uint Invalid = 0x020;

    /// <summary>POLLRDNORM.</summary>
    public const uint ReadNormal = 0x040;

    /// <summary>POLLWRNORM.</summary>
    public const uint WriteNormal = 0x100;

    /// <summary>POLLRDHUP.</summary>
    public const uint ReadHangUp = 0x2000;

    /// <summary>What a file without readiness of its own answers (DEFAULT_POLLMASK).</summary>
    public const uint AlwaysReady = In | Out | ReadNormal | WriteNormal;

    /// <summary>What select(2) calls readable (POLLIN_SET).</summary>
    public const uint SelectRead = In | ReadNormal | HangUp | Error;

    /// <summary>What select(2) calls writable (POLLOUT_SET).</summary>
    public const uint SelectWrite = Out | WriteNormal | Error;
}

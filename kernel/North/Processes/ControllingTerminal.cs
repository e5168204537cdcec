namespace LiteBox.North.Processes;

/// <summary>A terminal as sessions and job control see it. Terminals derive from it.</summary>
internal abstract class ControllingTerminal
{
    /// <summary>The session whose controlling terminal this is, if any.</summary>
    public Session? Session { get; set; }

    /// <summary>The group that may read, and that ^C signals.</summary>
    public ProcessGroup? ForegroundGroup { get; set; }

    /// <summary>The device number as stat(2) and /proc/PID/stat show it.</summary>
    public abstract uint DeviceNumber { get; }
}

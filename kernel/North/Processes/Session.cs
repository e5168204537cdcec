namespace LiteBox.North.Processes;

/// <summary>Process groups that share a controlling terminal (setsid(2)).</summary>
internal sealed class Session
{
    public Session(int id) => Id = id;

    /// <summary>The pid of the process that founded it, its leader.</summary>
    public int Id { get; }

    /// <summary>The terminal whose ^C and ^Z reach this session, if it has one.</summary>
    public ControllingTerminal? ControllingTerminal { get; set; }

    /// <summary>Groups that belong to it; it is over when none is left.</summary>
    public int GroupCount { get; set; }
}

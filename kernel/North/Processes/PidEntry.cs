namespace LiteBox.North.Processes;

/// <summary>What a pid names: a task, a process group, a session, or several of these. The number is taken while any of them lives.</summary>
internal sealed class PidEntry
{
    public PidEntry(int id) => Id = id;

    public int Id { get; }

    public Task? Task { get; set; }

    public Process? Process { get; set; }

    public ProcessGroup? Group { get; set; }

    public Session? Session { get; set; }

    /// <summary>True where the number names nothing any more.</summary>
    public bool IsUnused => Task is null && Process is null && Group is null && Session is null;
}
